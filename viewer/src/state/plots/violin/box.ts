import { bisectLeft, bisectRight, quantileSorted } from 'd3-array';

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
  // Its types name arrays only, though it takes whatever has numbers at places.
  const array = sorted as number[];
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((share) => quantileSorted(array, share)!);
  const reach = WHISKER * (q3 - q1);
  const [first, end] = [bisectLeft(sorted, q1 - reach), bisectRight(sorted, q3 + reach)];
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
