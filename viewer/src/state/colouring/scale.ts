/** How numbers are spread over colours and bars: evenly, or with more room for small ones. */
interface Curve {
  readonly label: string;
  readonly to: (value: number) => number;
  /** The value at a place of the scale. */
  readonly from: (place: number) => number;
}

/** Symmetric about zero, so that they have a place for every number. The shader has the same. */
export const SCALES = {
  linear: { label: 'Linear', to: (value) => value, from: (place) => place },
  log1p: {
    label: 'log1p',
    to: (value) => Math.sign(value) * Math.log1p(Math.abs(value)),
    from: (place) => Math.sign(place) * Math.expm1(Math.abs(place)),
  },
  sqrt: {
    label: 'Square root',
    to: (value) => Math.sign(value) * Math.sqrt(Math.abs(value)),
    from: (place) => Math.sign(place) * place * place,
  },
} as const satisfies Record<string, Curve>;
export type Scale = keyof typeof SCALES;
export const SCALE_NAMES = Object.keys(SCALES) as Scale[];

type Range = readonly [number, number];

/** The middle of a diverging map, unless the user sets one: zero, if there are values on both sides of it. */
export function usualMiddle([low, high]: Range, scale: Scale): number {
  const { to, from } = SCALES[scale];
  return low < 0 && high > 0 ? 0 : from((to(low) + to(high)) / 2);
}

/** The least range around a middle that has as much room on both sides of it, on the scale, and holds another. */
export function around(middle: number, [low, high]: Range, scale: Scale): Range {
  const { to } = SCALES[scale];
  return aroundBy(middle, Math.max(to(high) - to(middle), to(middle) - to(low)), scale);
}

/** The range around a middle that ends at a value. */
export function upTo(end: number, middle: number, scale: Scale): Range {
  const { to } = SCALES[scale];
  return aroundBy(middle, Math.abs(to(end) - to(middle)), scale);
}

function aroundBy(middle: number, room: number, scale: Scale): Range {
  const { to, from } = SCALES[scale];
  return [from(to(middle) - room), from(to(middle) + room)];
}

/** Ticks keep at least this share of the axis free between them. */
const LEAST_GAP = 0.12;

/** Round values to write below an axis that is not linear, and their places from 0 to 1. */
export function ticksOf([low, high]: Range, scale: Scale): { readonly value: number; readonly at: number }[] {
  if (scale === 'linear' || !(low < high)) return [];
  const { to } = SCALES[scale];
  const ticks: { value: number; at: number }[] = [];
  const add = (value: number) => {
    const at = (to(value) - to(low)) / (to(high) - to(low));
    if (value < low || value > high || ticks.some((tick) => Math.abs(tick.at - at) < LEAST_GAP)) return;
    ticks.push({ value, at });
  };
  add(0);
  // The coarsest first, so that the finer ones fill the gaps.
  const top = Math.floor(Math.log10(Math.max(Math.abs(low), Math.abs(high))));
  for (const factor of [1, 3]) {
    for (let power = top; power > top - 4; power--) {
      add(factor * 10 ** power);
      add(-factor * 10 ** power);
    }
  }
  return ticks.sort((one, other) => one.at - other.at);
}
