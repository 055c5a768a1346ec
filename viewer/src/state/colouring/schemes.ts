import {
  interpolateBlues,
  interpolateBrBG,
  interpolateCividis,
  interpolateGreens,
  interpolateMagma,
  interpolatePuOr,
  interpolateRdBu,
  interpolateRdYlBu,
  interpolateReds,
  interpolateTurbo,
  interpolateViridis,
  interpolateYlOrRd,
} from 'd3-scale-chromatic';

type Interpolate = (share: number) => string;

/** Their lowest colours are nearly white, as is the stage, and near the grey of zeros. */
const LIGHTEST = 0.25;
const fromPaper =
  (interpolate: Interpolate): Interpolate =>
  (share) =>
    interpolate(LIGHTEST + (1 - LIGHTEST) * share);

/** Colour maps for numbers, by the names that matplotlib gives them. */
export const SCHEMES = {
  viridis: interpolateViridis,
  cividis: interpolateCividis,
  magma: interpolateMagma,
  turbo: interpolateTurbo,
  Blues: fromPaper(interpolateBlues),
  Greens: fromPaper(interpolateGreens),
  Reds: fromPaper(interpolateReds),
  YlOrRd: fromPaper(interpolateYlOrRd),
  RdBu: interpolateRdBu,
  RdYlBu: interpolateRdYlBu,
  PuOr: interpolatePuOr,
  BrBG: interpolateBrBG,
} as const satisfies Record<string, Interpolate>;
export type Scheme = keyof typeof SCHEMES;
export const SCHEME_NAMES = Object.keys(SCHEMES) as Scheme[];

const DIVERGING_NAMES: ReadonlySet<Scheme> = new Set(['RdBu', 'RdYlBu', 'PuOr', 'BrBG']);
/** The same colours for eyes that lack a kind of cones at values far from each other. */
const UNSAFE: ReadonlySet<Scheme> = new Set(['turbo']);

/** Whether a map has two ends and a light middle, for values on both sides of a middle. */
export const isDiverging = (scheme: Scheme): boolean => DIVERGING_NAMES.has(scheme);
/** Whether colour-blind people tell its colours apart. */
export const isSafe = (scheme: Scheme): boolean => !UNSAFE.has(scheme);

/** The colour at a share from 0 to 1. */
export function colorAt(scheme: Scheme, isReversed: boolean): Interpolate {
  const interpolate = SCHEMES[scheme];
  return isReversed ? (share) => interpolate(1 - share) : interpolate;
}

/** A colour for a number from -1 to 1, blue to red through white; also colour-blind people tell the ends apart. */
export const DIVERGING: Interpolate = (share) => interpolateRdBu((1 - share) / 2);

/** Colours of a map from low to high. */
export function schemeColors(scheme: Scheme, isReversed = false, steps = 256): string[] {
  const color = colorAt(scheme, isReversed);
  return Array.from({ length: steps }, (_, step) => color(step / (steps - 1)));
}
