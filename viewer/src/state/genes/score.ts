import type { Floats } from '../../bytes/numbers';
import { inSlices } from '../selection/slices';

/** How the values of a list become one of each cell. */
export const METHODS = ['mean', 'zscore', 'score'] as const;
export type Method = (typeof METHODS)[number];

/** A weighted sum of the values of genes. */
export class WeightedSum {
  readonly #sums: Float64Array;

  constructor(nCells: number) {
    this.#sums = new Float64Array(nCells);
  }

  /**
   * Adds the values of a gene. `isScaled`: less their mean, and divided by their standard deviation (n - 1); nothing
   * if they are all equal.
   */
  async add(values: Floats, weight: number, isScaled: boolean): Promise<void> {
    let [shift, factor] = [0, weight];
    if (isScaled) {
      const { mean, deviation } = await moments(values);
      if (deviation === 0) return;
      [shift, factor] = [mean, weight / deviation];
    }
    await inSlices(values.length, (from, to) => {
      for (let cell = from; cell < to; cell++) this.#sums[cell] += factor * (values[cell] - shift);
    });
  }

  take(): Floats {
    return Float32Array.from(this.#sums);
  }
}

/** Over the cells with a value; a deviation of 0 if there are fewer than two. */
async function moments(values: Floats): Promise<{ mean: number; deviation: number }> {
  let [count, sum, squares] = [0, 0, 0];
  await inSlices(values.length, (from, to) => {
    for (let cell = from; cell < to; cell++) {
      if (Number.isNaN(values[cell])) continue;
      count++;
      sum += values[cell];
    }
  });
  const mean = sum / count;
  await inSlices(values.length, (from, to) => {
    for (let cell = from; cell < to; cell++)
      if (!Number.isNaN(values[cell])) squares += (values[cell] - mean) ** 2;
  });
  return { mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0 };
}
