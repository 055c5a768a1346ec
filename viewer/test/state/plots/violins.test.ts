import { describe, expect, test } from 'vitest';
import type { Vector } from '../../../src/state/plots/engine/vectors';
import { boxOf } from '../../../src/state/plots/violin/box';
import { densityOf, moments, N_PLACES } from '../../../src/state/plots/violin/density';
import {
  cellsOfViolin,
  MOST_VIOLINS,
  violinsOf,
  type ViolinInput,
} from '../../../src/state/plots/violin/violins';

const codes = (...all: number[]): Vector => ({ kind: 'codes', codes: Uint8Array.from(all), missing: 255 });
const input = (values: number[], more: Partial<ViolinInput> = {}): ViolinInput => ({
  values: Float32Array.from(values),
  by: null,
  split: null,
  mask: null,
  nBy: 1,
  nSplit: 1,
  withZeros: true,
  isLog: false,
  ...more,
});
/** Numbers that look like chance, always the same. */
function noise(n: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: n }, () => (state = (state * 48271) % 2147483647) / 2147483647);
}

/** The sum over all cells, as scipy computes it. */
function exactDensity(values: readonly number[], at: number): number {
  const bandwidth = moments(values).deviation * values.length ** -0.2;
  const sum = values.reduce((all, value) => all + Math.exp(-(((at - value) / bandwidth) ** 2) / 2), 0);
  return sum / (values.length * bandwidth * Math.sqrt(2 * Math.PI));
}

/** `scipy.stats.gaussian_kde(values)` at four of the places. */
const SCIPY = [0.1141241630564764, 0.12673503098203567, 0.08219113220728572, 0.05352425298696484];

describe('densities', () => {
  test('are those of scipy.stats.gaussian_kde', () => {
    const density = densityOf([0, 0, 1, 1.5, 2, 3.25, 7, 7.5])!;
    expect(density.bandwidth).toBeCloseTo(1.9504580307383819, 12);
    [0, 10, 64, 127].forEach((place, at) =>
      expect(Math.abs(density.values[place] - SCIPY[at])).toBeLessThan(1e-4 * Math.max(...SCIPY)),
    );
  });

  test.each([
    ['two cells', [1, 4]],
    ['zeros and a tail', [...new Array<number>(900).fill(0), ...noise(100).map((each) => 5 * each)]],
    ['whole numbers', noise(3000).map((each) => Math.floor(12 * each ** 3))],
    ['one cell far away', [...noise(2000), 400]],
    ['values far from zero', noise(500).map((each) => 1e9 + each)],
    ['tiny values', noise(500).map((each) => 1e-30 * each)],
  ])('differ from the sum over all cells by less than 1e-4 of the highest: %s', (_, values) => {
    const sorted = values.toSorted((one, other) => one - other);
    const { low, high, values: found } = densityOf(sorted)!;
    const exact = [...found.keys()].map((at) =>
      exactDensity(sorted, low + ((high - low) * at) / (N_PLACES - 1)),
    );
    const most = Math.max(...exact);
    found.forEach((each, at) => expect(Math.abs(each - exact[at]) / most).toBeLessThan(1e-4));
  });

  test('need two different values', () => {
    expect(densityOf([])).toBeNull();
    expect(densityOf([3])).toBeNull();
    expect(densityOf([3, 3, 3])).toBeNull();
  });
});

describe('boxes', () => {
  test('have the quartiles of numpy and the whiskers of matplotlib', () => {
    expect(boxOf([0, 0, 1, 1.5, 2, 3.25, 7, 17.5])).toEqual({
      minimum: 0,
      q1: 0.75,
      median: 1.75,
      q3: 4.1875,
      maximum: 17.5,
      whiskers: [0, 7],
      nOutside: 1,
    });
  });

  test('are flat for one cell and for equal values', () => {
    for (const values of [[2], [2, 2, 2]])
      expect(boxOf(values)).toMatchObject({ q1: 2, median: 2, q3: 2, whiskers: [2, 2], nOutside: 0 });
    expect(boxOf([])).toBeNull();
  });

  test('whiskers end at the box if no value is between', () => {
    // The quartiles lie between values that are far away.
    expect(boxOf([0, 10, 10, 10, 10, 10, 10, 20])).toMatchObject({ whiskers: [10, 10], nOutside: 2 });
    expect(boxOf([1, 2])?.q1).toBe(1.25);
  });
});

describe('violins', () => {
  test('group shown cells with a value', () => {
    const values = [1, 2, NaN, 0, Infinity, 6, 7, -Infinity];
    const by = codes(0, 0, 0, 0, 1, 1, 255, 1);
    const mask = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 0);
    const { all, nOutside, nCategories } = violinsOf(input(values, { by, nBy: 3, mask }));
    expect([nOutside, nCategories]).toEqual([1, 2]);
    expect(
      all.map(({ by, nCells, n, nMissing, nInfinite, nZero }) => [by, nCells, n, nMissing, nInfinite, nZero]),
    ).toEqual([
      [0, 4, 3, 1, 0, 1],
      [1, 2, 1, 0, 1, 0],
    ]);
    expect(all[0]).toMatchObject({ mean: 1, deviation: 1, box: { median: 1 } });
    expect(all[1]).toMatchObject({ mean: 6, density: null, box: { median: 6 } });
  });

  test('without zeros count them, but do not draw them', () => {
    const { all } = violinsOf(input([0, 0, -0, 2, 4], { withZeros: false }));
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ nCells: 5, n: 2, nZero: 3, mean: 3 });
    expect([...all[0].points]).toEqual([2, 4]);
  });

  test('are split by a second category; empty parts are left out', () => {
    const { all } = violinsOf(
      input([1, 2, 3, 4], { by: codes(0, 0, 1, 1), split: codes(0, 1, 1, 255), nBy: 2, nSplit: 2 }),
    );
    expect(all.map(({ by, split, n }) => [by, split, n])).toEqual([
      [0, 0, 1],
      [0, 1, 1],
      [1, 1, 1],
    ]);
  });

  test('of lists count a cell in each of its lists, and the rest', () => {
    const by: Vector = {
      kind: 'lists',
      lists: [Uint32Array.of(0, 1), Uint32Array.of(1, 2)],
      withRest: false,
    };
    const values = [1, 2, 3, 4, 5];
    const { all, nOutside } = violinsOf(input(values, { by, nBy: 2 }));
    expect(all.map(({ n, mean }) => [n, mean])).toEqual([
      [2, 1.5],
      [2, 2.5],
    ]);
    expect(nOutside).toBe(2);
    const rest = violinsOf(input(values, { by: { ...by, withRest: true }, nBy: 3 }));
    expect(rest.all.map(({ n }) => n)).toEqual([2, 2, 2]);
    expect(rest.nOutside).toBe(0);
  });

  test('without any value have no box', () => {
    const { all } = violinsOf(input([NaN, NaN, Infinity]));
    expect(all[0]).toMatchObject({ nCells: 3, n: 0, nMissing: 2, nInfinite: 1, box: null, density: null });
    expect(all[0].points).toHaveLength(0);
    expect(violinsOf(input([], {})).all).toEqual([]);
  });

  test('of the largest categories, if there are too many', () => {
    const n = MOST_VIOLINS + 10;
    const all = [...new Array<undefined>(n).keys()];
    const by: Vector = { kind: 'codes', codes: Uint16Array.from([...all, n - 1]), missing: 65535 };
    const found = violinsOf(input([...all, 3], { by, nBy: n }));
    expect(found.nCategories).toBe(n);
    expect(found.all).toHaveLength(MOST_VIOLINS);
    expect(found.all.at(-1)).toMatchObject({ by: n - 1, n: 2 });
  });

  test('on a log1p axis, only the density is of the logarithms', () => {
    const values = [0, 1, 3, 7, 100];
    const { all } = violinsOf(input(values, { isLog: true }));
    expect(all[0].box).toMatchObject({ median: 3 });
    expect(all[0].density!.high).toBeCloseTo(Math.log1p(100), 6);
  });

  test('have few points and outliers, the farthest included', () => {
    const values = [
      ...noise(5000).map((each) => 0.5 + each / 10),
      ...noise(300, 7).map((each) => 5 + each),
      99,
    ];
    const { all } = violinsOf(input(values));
    expect(all[0].points).toHaveLength(500);
    expect(all[0].outliers.length).toBeLessThan(60);
    expect(Math.max(...all[0].outliers)).toBe(99);
    expect(all[0].box!.nOutside).toBe(301);
  });

  test('know their cells', () => {
    const given = input([0, 2, NaN, 4, 5], {
      by: codes(0, 0, 0, 1, 0),
      nBy: 2,
      mask: Uint8Array.of(255, 255, 255, 255, 0),
    });
    expect([...cellsOfViolin(given, 0, 0)]).toEqual([0, 1]);
    expect([...cellsOfViolin({ ...given, withZeros: false }, 0, 0)]).toEqual([1]);
  });
});
