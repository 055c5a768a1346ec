import { boundText } from './texts';

/** Null: no bound. */
export type Bound = number | null;
export type Bounds = readonly [Bound, Bound];

/** The steps of a slider from one end of the values to the other. */
export const STEPS = 1000;

type Extent = readonly [number, number];

/** The value at a share of the extent, with as many digits as tell the steps apart; no bound at its ends. */
export function boundAt(share: number, [low, high]: Extent): Bound {
  if (share <= 0 || share >= 1) return null;
  const digits = Math.ceil(-Math.log10((high - low) / STEPS));
  const value = low + share * (high - low);
  return digits > 0 ? Number(value.toFixed(Math.min(100, digits))) : Math.round(value);
}

/** Where a bound is, as a share of the extent. */
export function shareOf(bound: Bound, [low, high]: Extent, atNone: 0 | 1): number {
  if (bound === null) return atNone;
  return Math.min(1, Math.max(0, (bound - low) / (high - low)));
}

/** A bound that was typed; nothing is no bound, and undefined is no number. */
export function parseBound(text: string): Bound | undefined {
  const typed = text.trim().replace(/,/g, '.').replace('−', '-');
  if (typed === '') return null;
  const value = Number(typed);
  return Number.isFinite(value) ? value : undefined;
}

/** Why two bounds cannot be applied; null if they can. */
export function whyNot([low, high]: Bounds): string | null {
  if (low === null || high === null || low <= high) return null;
  return `The lowest value must not be above the highest, but ${boundText(low)} is above ${boundText(high)}.`;
}
