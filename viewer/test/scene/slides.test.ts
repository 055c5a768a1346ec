import { expect, test } from 'vitest';
import { boundsOf, levelAt, tilesIn } from '../../src/scene/tissue/slides/level';
import { applied, product, toEmbedding } from '../../src/scene/tissue/slides/place';

const SLIDE = {
  tile: 512,
  levels: Array.from({ length: 8 }, (_, level) => ({
    width: Math.ceil(40_000 / 2 ** level),
    height: Math.ceil(30_000 / 2 ** level),
  })),
};

test('a place that is turned and sheared is inverted', () => {
  const toPixel = [1.5, -0.7, 300, 0.4, 2.2, -1000] as const;
  const matrix = toEmbedding({ toPixel }, [1e4, -2e4]);
  const [x, y] = [1.23e4, -1.9e4];
  const [a, b, c, d, e, f] = toPixel;
  const back = applied(matrix, a * x + b * y + c, d * x + e * y + f);
  expect(back[0]).toBeCloseTo(x - 1e4, 8);
  expect(back[1]).toBeCloseTo(y + 2e4, 8);
});

test('a product applies the second matrix first', () => {
  const turn = Float64Array.of(0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
  const shift = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 10, 0, 0, 1);
  expect(applied(product(turn, shift), 1, 2)).toEqual([-2, 11]);
});

test('the level follows the zoom, within those that there are', () => {
  expect([0.01, 1, 1.6, 2, 16, 1e6].map((across) => levelAt(SLIDE, across))).toEqual([0, 0, 0, 1, 4, 7]);
});

test('only tiles in the window are asked for', () => {
  const same = (x: number, y: number) => [x, y] as const;
  const tiles = tilesIn(SLIDE, 0, { width: 1000, height: 500 }, same, same);
  expect(tiles).toEqual([
    { level: 0, row: 0, column: 0 },
    { level: 0, row: 0, column: 1 },
  ]);
  const beside = (by: number) => (x: number, y: number) => [x + by, y] as const;
  expect(tilesIn(SLIDE, 0, { width: 1000, height: 500 }, beside(-5000), beside(5000))).toEqual([]);
});

test('in a window that is turned, tiles in its box but beside it are left out', () => {
  const turn = Math.SQRT1_2;
  const toSlide = (x: number, y: number) => [turn * (x - y) + 20_000, turn * (x + y) + 10_000] as const;
  const toWindow = (x: number, y: number) =>
    [turn * (x - 20_000 + y - 10_000), turn * (y - 10_000 - x + 20_000)] as const;
  const tiles = tilesIn(SLIDE, 0, { width: 5000, height: 5000 }, toSlide, toWindow);
  // The window is half of its box, and tiles at its rim stand out.
  const inBox = Math.ceil((2 * 5000 * turn) / 512) ** 2;
  expect(tiles.length).toBeGreaterThan(inBox / 2 - 1);
  expect(tiles.length).toBeLessThan(inBox * 0.65 + 15);
});

test('tiles at the edges are smaller, in whole pixels of their level', () => {
  expect(boundsOf(SLIDE, { level: 7, row: 0, column: 0 })).toEqual([0, 0, 313 * 128, 235 * 128]);
  expect(boundsOf(SLIDE, { level: 0, row: 58, column: 78 })).toEqual([39_936, 29_696, 40_000, 30_000]);
});
