import { describe, expect, test } from 'vitest';
import { boundAt, parseBound, shareOf, whyNot } from '../../../src/state/filters/bounds';
import { distribute, measure, N_BARS } from '../../../src/state/filters/distribution';
import { textOf } from '../../../src/state/filters/texts';

describe('bounds', () => {
  test('at the ends of the extent are none', () => {
    expect([boundAt(0, [0, 1]), boundAt(1, [0, 1])]).toEqual([null, null]);
    expect([shareOf(null, [0, 1], 0), shareOf(null, [0, 1], 1)]).toEqual([0, 1]);
  });

  test('have as many digits as tell the steps apart', () => {
    expect(boundAt(1 / 3, [0, 1])).toBe(0.333);
    expect(boundAt(1 / 3, [0, 90_000])).toBe(30_000);
    expect(boundAt(0.25, [-2, 2])).toBe(-1);
    expect(boundAt(0.5, [1e-300, 3e-300])).toBeGreaterThanOrEqual(0);
    expect(shareOf(0.25, [0, 1], 0)).toBe(0.25);
    expect(shareOf(9, [0, 1], 0)).toBe(1);
  });

  test.each([
    ['', null],
    [' 1.5 ', 1.5],
    ['1,5', 1.5],
    ['−2', -2],
    ['1e3', 1000],
    ['x', undefined],
    ['Infinity', undefined],
  ])('are typed as “%s”', (text, bound) => expect(parseBound(text)).toBe(bound));

  test('are refused the wrong way round', () => {
    expect(whyNot([5, 3])).toBe('The lowest value must not be above the highest, but 5 is above 3.');
    expect(whyNot([3, 3])).toBe(null);
    expect(whyNot([null, 3])).toBe(null);
  });
});

describe('numbers to filter by', () => {
  const values = Float32Array.of(0, 0, 1, 4, NaN, Infinity, 2);

  test('of a gene have a share of zeros, and bars without them', () => {
    const measured = measure(values, true);
    expect(measured).toMatchObject({ extent: [0, 4], nMissing: 1, leastAbove: 1 });
    const all = distribute(measured, null);
    expect(all).toMatchObject({ nMissing: 1, nZero: 2, nCells: 7 });
    expect([...all.bars.entries()].filter(([, count]) => count > 0)).toEqual([
      [N_BARS / 4, 1],
      [N_BARS / 2, 1],
      [N_BARS - 1, 1],
    ]);
    const some = distribute(measured, Uint8Array.of(255, 0, 0, 255, 0, 0, 0));
    expect(some).toMatchObject({ nMissing: 0, nZero: 1, nCells: 2 });
  });

  test.each([
    [values, false],
    [Float32Array.of(0, -1, 2), true],
    [Float32Array.of(0, 0), true],
  ])('have zeros like any other value in a column, and beside values below zero', (some, isGene) => {
    const measured = measure(some, isGene);
    expect(measured.leastAbove).toBe(null);
    expect(distribute(measured, null).nZero).toBe(0);
  });

  test('of no cell have no extent', () => {
    expect(measure(Float32Array.of(NaN), false)).toMatchObject({ extent: null, nMissing: 1 });
  });

  test.each([
    [0.1, 2, false, '0.1 to 2'],
    [Math.fround(0.1), null, false, 'at least 0.1'],
    [null, 2, true, 'at most 2 or missing'],
    [null, null, false, 'any value'],
  ])('are described: %s to %s', (low, high, withMissing, text) =>
    expect(textOf({ kind: 'number', column: 0, low, high, withMissing, isOn: true })).toBe(text),
  );
});
