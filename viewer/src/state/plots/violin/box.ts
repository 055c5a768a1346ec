/** Quartiles, as numpy computes them, and whiskers as matplotlib draws them. */
export interface Box {
  readonly minimum: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly maximum: number;
  /** The lowest and the highest value within 1.5 interquartile ranges of the box. */
  readonly whiskers: readonly [number, number];
  /** Values beyond the whiskers. */
  readonly nOutside: number;
}

const WHISKER = 1.5;

/** Null without values. `sorted` is ascending. */
export function boxOf(sorted: ArrayLike<number>): Box | null {
  const n = sorted.length;
  if (n === 0) return null;
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((share) => quantileOf(sorted, share));
  const reach = WHISKER * (q3 - q1);
  const [first, end] = [firstAtLeast(sorted, q1 - reach), firstAbove(sorted, q3 + reach)];
  return {
    minimum: sorted[0],
    q1,
    median,
    q3,
    maximum: sorted[n - 1],
    // A whisker is never inside the box.
    whiskers: [Math.min(q1, sorted[first]), Math.max(q3, sorted[end - 1])],
    nOutside: first + n - end,
  };
}

/** Between the two values next to it, by their distances. `sorted` is ascending and not empty. */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share;
  const at = Math.floor(place);
  const next = Math.min(sorted.length - 1, at + 1);
  return sorted[at] + (sorted[next] - sorted[at]) * (place - at);
}

/** The place of the first value that is not below a bound. */
export function firstAtLeast(sorted: ArrayLike<number>, bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place of the first value above a bound. */
export function firstAbove(sorted: ArrayLike<number>, bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
