import { expect, test } from 'vitest';
import { medianCentroids, withGiven } from '../../src/state/view/centroids';
import type { ShownEmbedding } from '../../src/state/view/embedding_view';

const place = (positions: number[], width: 2 | 3) =>
  ({ positions: Float32Array.from(positions), width }) as unknown as ShownEmbedding;

test('a category lies at the median of its cells', () => {
  const positions = [0, 0, 1, 10, 2, 20, 1000, -1000, 5, 5, NaN, NaN];
  const codes = Float32Array.of(0, 0, 0, NaN, 1, 1);
  expect([...medianCentroids(place(positions, 2), codes, [3, 2, 0])]).toEqual([
    ...[1, 10, 0],
    ...[5, 5, 0],
    ...[NaN, NaN, 0],
  ]);
});

test('a few cells far away do not move it, and three axes have three medians', () => {
  const positions = Array.from({ length: 9 }, (_, cell) => (cell === 8 ? [1e6, 1e6, 1e6] : [1, 2, 3])).flat();
  expect([...medianCentroids(place(positions, 3), new Float32Array(9), [9])]).toEqual([1, 2, 3]);
});

test('a large category is sampled evenly, not from its beginning', () => {
  const nCells = 10_000;
  const positions = Array.from({ length: nCells }, (_, cell) => [cell, -cell]).flat();
  const [x, y] = medianCentroids(place(positions, 2), new Float32Array(nCells), [nCells]);
  expect(Math.abs(x - nCells / 2)).toBeLessThan(20);
  expect(y).toBe(-x);
});

test('what a bundle gives is taken, and what it does not give is left', () => {
  const given = [
    { category: 1, position: [4, 5] },
    { category: 7, position: [0, 0] },
  ];
  expect([...withGiven(Float32Array.of(1, 2, 3, 1, 2, 3), given)]).toEqual([1, 2, 3, 4, 5, 0]);
});

test('only cells that are shown count', () => {
  const positions = [0, 0, 1, 10, 9, 90, 9, 90];
  const shown = Uint8Array.of(255, 0, 255, 255);
  expect([...medianCentroids(place(positions, 2), new Float32Array(4), [3], [0], shown)]).toEqual([9, 90, 0]);
});
