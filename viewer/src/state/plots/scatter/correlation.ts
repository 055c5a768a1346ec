import { bisectLeft, bisectRight } from 'd3-array';

/** How two lists of numbers go together; NaN if one of them has no two different values. */
export interface Correlation {
  readonly pearson: number;
  readonly spearman: number;
}

export function correlate(x: Float64Array, y: Float64Array): Correlation {
  return { pearson: pearson(x, y), spearman: pearson(ranks(x), ranks(y)) };
}

function pearson(x: Float64Array, y: Float64Array): number {
  const [middleX, middleY] = [meanOf(x), meanOf(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let at = 0; at < x.length; at++) {
    const [left, right] = [x[at] - middleX, y[at] - middleY];
    xx += left * left;
    yy += right * right;
    xy += left * right;
  }
  // Rounding must not leave the range.
  return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx) / Math.sqrt(yy))) : NaN;
}

function meanOf(values: Float64Array): number {
  // Of equal values, exactly their value: a sum is rounded, and would leave a deviation.
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] - values[0];
  return values[0] + sum / values.length;
}

/** From 1; equal values share the mean of their ranks. */
export function ranks(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  // Most values of genes are zeros, whose ranks are looked up once.
  const zero = sharedRank(sorted, 0);
  return values.map((value) => (value === 0 ? zero : sharedRank(sorted, value)));
}

function sharedRank(sorted: Float64Array, value: number): number {
  return (bisectLeft(sorted, value) + bisectRight(sorted, value) + 1) / 2;
}
