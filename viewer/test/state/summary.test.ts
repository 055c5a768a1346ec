import { describe, expect, test } from 'vitest';
import { paintGene, paintNumbers } from '../../src/state/colouring/paint';
import { N_BARS, quantile, summarise } from '../../src/state/colouring/summary';

const SHOWN = 255;
/** The bars that are there, and their heights. */
const bars = (histogram: Uint32Array) => [...histogram.entries()].filter(([, count]) => count > 0);

describe('a summary', () => {
  const gene = paintGene(Float32Array.of(0, 1, NaN, 4, 0, 3, 0));

  test('of a gene leaves zeros out of its mean and its bars', () => {
    const summary = summarise(gene, null);
    expect(summary).toMatchObject({ nMissing: 1, nZero: 3, nOther: 3, mean: 8 / 3 });
    expect(bars(summary.histogram)).toEqual([
      [N_BARS / 4, 1],
      [(3 * N_BARS) / 4, 1],
      [N_BARS - 1, 1],
    ]);
  });

  test('is of the cells shown', () => {
    const mask = Uint8Array.of(SHOWN, SHOWN, 0, 0, 0, SHOWN, 0);
    const summary = summarise(gene, mask);
    expect(summary).toMatchObject({ nMissing: 0, nZero: 1, nOther: 2, mean: 2 });
    // The extent stays: a filter does not move the bars.
    expect(bars(summary.histogram).map(([bar]) => bar)).toEqual([N_BARS / 4, (3 * N_BARS) / 4]);
    expect(summarise(gene, new Uint8Array(7))).toMatchObject({ nZero: 0, nOther: 0, mean: null });
  });

  test('of scaled values, and of a column of obs, takes zeros for what they are', () => {
    for (const paint of [paintGene(Float32Array.of(-1, 0, 3)), paintNumbers(Float32Array.of(0, 0, 3))]) {
      const { nZero, nOther, histogram } = summarise(paint, null);
      expect([nZero, nOther, histogram.reduce((sum, count) => sum + count)]).toEqual([0, 3, 3]);
    }
  });

  test('of values far from zero has their mean, and of those without end the mean of the others', () => {
    const dates = paintNumbers(Float64Array.of(1.7e12, 1.7e12 + 2, NaN, Infinity));
    const summary = summarise(dates, null);
    expect(summary).toMatchObject({ nMissing: 1, nOther: 3, mean: 1.7e12 + 1 });
    expect(bars(summary.histogram)).toEqual([
      [0, 1],
      [N_BARS - 1, 1],
    ]);
  });

  test('of a gene that no cell expresses, and of one value, has all the same', () => {
    expect(summarise(paintGene(new Float32Array(3)), null)).toMatchObject({
      nZero: 3,
      nOther: 0,
      mean: null,
    });
    expect(summarise(paintGene(Float32Array.of(2, 2)), null)).toMatchObject({ nOther: 2, mean: 2 });
  });
});

describe('a percentile', () => {
  const hundred = paintNumbers(Float64Array.from({ length: 102 }, (_, i) => (i > 100 ? NaN : 100 - i)));

  test('is of the cells that have a value', () => {
    expect([0, 0.05, 0.5, 1].map((share) => quantile(hundred, share, null))).toEqual([0, 5, 50, 100]);
  });

  test('is of the cells shown', () => {
    const mask = Uint8Array.from({ length: 102 }, (_, i) => (i <= 50 ? SHOWN : 0));
    expect([0, 0.5, 1].map((share) => quantile(hundred, share, mask))).toEqual([50, 75, 100]);
    expect(quantile(hundred, 0.5, new Uint8Array(102))).toBe(NaN);
  });

  test('is of the cells that express the gene', () => {
    const gene = paintGene(Float32Array.of(0, 0, 0, 0, 0, NaN, 2, 4, 6));
    expect([0, 0.5, 1].map((share) => quantile(gene, share, null))).toEqual([2, 4, 6]);
    expect(quantile(paintGene(new Float32Array(4)), 0.5, null)).toBe(NaN);
  });
});
