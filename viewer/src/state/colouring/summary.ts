import type { Mask } from '../filters/mask';
import type { NumberPaint } from './paint';
import { SCALES, type Scale } from './scale';

/** Bars of the histogram above the colour bar. */
export const N_BARS = 48;

/** A summary of the numbers that colour the shown cells. */
export interface NumberSummary {
  readonly nMissing: number;
  /** Number of cells that do not express the gene; 0 if zero is a value like any other. */
  readonly nZero: number;
  /** Number of cells with another value. */
  readonly nOther: number;
  /** Mean of the finite values among the others; null if there are none. */
  readonly mean: number | null;
  /** Counts of the finite others in `N_BARS` steps of the domain, which are equal on the scale. */
  readonly histogram: Uint32Array;
}

/** Summarises the cells that a mask shows, in one pass; null shows all. The bars are those of the domain. */
export function summarise(
  { values, base, extent, nZero }: NumberPaint,
  mask: Mask,
  domain: readonly [number, number] | null = extent,
  scale: Scale = 'linear',
): NumberSummary {
  const zeros = nZero !== null;
  const histogram = new Uint32Array(N_BARS);
  const { to } = SCALES[scale];
  const isLinear = scale === 'linear';
  const low = !domain ? 0 : isLinear ? domain[0] - base : to(domain[0]);
  const width = domain ? to(domain[1]) - to(domain[0]) : 0;
  const perUnit = width > 0 ? N_BARS / width : 0;
  let [missing, zero, other, finite, sum] = [0, 0, 0, 0, 0];
  for (let cell = 0; cell < values.length; cell++) {
    if (mask && mask[cell] === 0) continue;
    const value = values[cell];
    if (Number.isNaN(value)) missing++;
    else if (zeros && value === 0) zero++;
    else {
      other++;
      if (!Number.isFinite(value)) continue;
      finite++;
      sum += value;
      const place = isLinear ? value : to(base + value);
      histogram[Math.max(0, Math.min(N_BARS - 1, Math.floor((place - low) * perUnit)))]++;
    }
  }
  return {
    nMissing: missing,
    nZero: zero,
    nOther: other,
    mean: finite > 0 ? base + sum / finite : null,
    histogram,
  };
}

/**
 * The value below which a share of the shown cells lies, among those with a value that express the gene. NaN
 * if there are none.
 */
export function quantile(paint: NumberPaint, share: number, mask: Mask): number {
  const { values, base, order, nMissing, nZero } = paint;
  const first = nMissing + (nZero ?? 0);
  if (!mask) return base + (values[order[first + rankOf(share, order.length - first)]] ?? NaN);
  let count = 0;
  for (let at = first; at < order.length; at++) if (mask[order[at]] !== 0) count++;
  let left = rankOf(share, count);
  for (let at = first; at < order.length; at++)
    if (mask[order[at]] !== 0 && left-- === 0) return base + values[order[at]];
  return NaN;
}

function rankOf(share: number, count: number): number {
  return Math.round(share * Math.max(0, count - 1));
}
