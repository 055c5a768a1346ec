import { describe, expect, test } from 'vitest';
import { correlate, ranks } from '../../../src/state/plots/scatter/correlation';
import {
  cellsInside,
  MOST_POINTS,
  scatterOf,
  type ScatterInput,
} from '../../../src/state/plots/scatter/scatter';

const X = [0, 0, 1, 1.5, 2, 3.25, 7, 7.5];
const Y = [1, 0, 2, 2, 3, 5, 4, 9];
const input = (
  x: readonly number[],
  y: readonly number[],
  more: Partial<ScatterInput> = {},
): ScatterInput => ({
  x: Float64Array.from(x),
  y: Float64Array.from(y),
  mask: null,
  isLog: false,
  colours: null,
  nColours: 0,
  ...more,
});

describe('correlations', () => {
  test('are those of scipy', () => {
    const { pearson, spearman } = correlate(Float64Array.from(X), Float64Array.from(Y));
    expect(pearson).toBeCloseTo(0.8655724666785027, 12);
    expect(spearman).toBeCloseTo(0.9638554216867469, 12);
  });

  test('equal values share a rank', () => {
    expect([...ranks(Float64Array.of(5, 0, 0, -1, 5, 5))]).toEqual([5, 2.5, 2.5, 1, 5, 5]);
  });

  test('are unknown for one cell and for equal values', () => {
    expect(correlate(Float64Array.of(1), Float64Array.of(2)).pearson).toBeNaN();
    const { pearson, spearman } = correlate(Float64Array.of(0.1, 0.1, 0.1), Float64Array.of(1, 2, 3));
    expect([pearson, spearman]).toEqual([NaN, NaN]);
  });
});

describe('scatter plots', () => {
  test('count shown cells with two values', () => {
    const mask = Uint8Array.of(255, 255, 255, 255, 0);
    const found = scatterOf(input([1, NaN, 3, Infinity, 5], [1, 2, NaN, 4, 5], { mask }));
    expect(found).toMatchObject({ n: 1, nMissing: 2, nInfinite: 1 });
    expect(found.counts.reduce((sum, each) => sum + each, 0)).toBe(1);
    expect(found.pearson).toBeNaN();
  });

  test('without cells have no axes', () => {
    expect(scatterOf(input([NaN], [1]))).toMatchObject({ n: 0, axes: null, points: null });
  });

  test('whole numbers have a square each', () => {
    const { axes, counts } = scatterOf(input([0, 0, 2, 2], [0, 0, 1, 0]));
    expect(axes).toEqual([
      { low: -0.5, high: 2.5, count: 3 },
      { low: -0.5, high: 1.5, count: 2 },
    ]);
    expect([...counts]).toEqual([2, 0, 1, 0, 0, 1]);
  });

  test('many cells are squares in the colour of most of them', () => {
    const n = MOST_POINTS + 1;
    const places = Array.from({ length: n }, (_, at) => (at % 10) / 7);
    const codes = Uint8Array.from({ length: n }, (_, at) => (at % 10 < 3 ? 255 : at % 2));
    const colours = { kind: 'codes', codes, missing: 255 } as const;
    const { points, counts, most, axes } = scatterOf(input(places, places, { colours, nColours: 2 }));
    expect(points).toBeNull();
    const filled = [...counts.keys()].filter((square) => counts[square] > 0);
    expect(filled).toHaveLength(10);
    expect(filled.map((square) => most![square])).toEqual([-1, -1, -1, 1, 0, 1, 0, 1, 0, 1]);
    expect(axes![0]).toEqual({ low: 0, high: 9 / 7, count: 64 });
  });

  test('few cells are points with their colours', () => {
    const colours = { kind: 'lists', lists: [Uint32Array.of(1)], withRest: false } as const;
    const { points } = scatterOf(input([0, 3], [1, 0], { isLog: true, colours, nColours: 1 }));
    expect([...points!.x]).toEqual([0, Math.log1p(3)]);
    expect([...points!.code]).toEqual([-1, 0]);
  });

  test('cells in a rectangle include its bounds', () => {
    const [x, y] = [Float32Array.of(0.1, 0.2, 0.3, NaN), Float32Array.of(1, 2, 3, 1)];
    const mask = Uint8Array.of(255, 255, 255, 255);
    expect([...cellsInside({ x, y, mask }, [0.1, 0.2], [1, 3])]).toEqual([0, 1]);
    mask[0] = 0;
    expect([...cellsInside({ x, y, mask }, [-Infinity, Infinity], [1, 3])]).toEqual([1, 2]);
  });
});
