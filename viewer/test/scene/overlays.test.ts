import { describe, expect, test } from 'vitest';
import { hashed } from '../../src/state/view/spread';
import { averageField, type Field } from '../../src/scene/arrows/field';
import { keepInside, placeBoxes } from '../../src/scene/labels/layout';

describe('the arrows of a field', () => {
  const field = (positions: number[], vectors: number[], change: Partial<Field> = {}): Field => ({
    positions: Float32Array.from(positions),
    width: 2,
    vectors: Float32Array.from(vectors),
    dims: 2,
    solid: false,
    mask: null,
    ...change,
  });
  const raster = { corner: [0, 0, 0], counts: [4, 4, 1], spacing: 1 } as const;

  test('begin at the middle of the cells of a square, along their mean', () => {
    const cells = field([0.2, 0.2, 0.4, 0.6, 2.5, 2.5, 9, 9], [1, 0, 3, 0, 0, -4, 100, 100]);
    const { tails, tips, count } = averageField(cells, raster, 1);
    expect(count).toBe(2);
    expect([...tails].map((value) => Number(value.toFixed(3)))).toEqual([0.3, 0.4, 0, 2.5, 2.5, 0]);
    // The usual length, here that of the longer arrow, is the spacing; the other keeps its share.
    expect(tips[0] - tails[0]).toBeCloseTo(0.5);
    expect(tips[4] - tails[4]).toBeCloseTo(-1);
  });

  test('leave out hidden cells and those without a place or a vector', () => {
    const mask = Uint8Array.of(0, 255, 255, 255);
    const cells = field([0.5, 0.5, NaN, 0.5, 1.5, 1.5, 2.5, 2.5], [1, 1, 1, 1, NaN, 1, 0, 2], { mask });
    const { tails, count } = averageField(cells, raster, 1);
    expect(count).toBe(1);
    expect([...tails]).toEqual([2.5, 2.5, 0]);
  });

  test('point nowhere where nothing moves', () => {
    const { tails, tips } = averageField(field([0.5, 0.5], [0, 0]), raster, 1);
    expect(tips).toEqual(tails);
  });

  test('use the third axis in depth only, and one alone on a line', () => {
    const deep = field([0.5, 0.5, 0.5, 0.5, 0.5, 1.5], [0, 0, 1, 0, 0, 1], { width: 3, dims: 3 });
    const cubes = { ...raster, counts: [4, 4, 4] as const };
    expect(averageField({ ...deep, solid: true }, cubes, 1).count).toBe(2);
    expect(averageField(deep, raster, 1).count).toBe(1);
    const line = averageField(field([0.5, 0.1, 2.5, -0.1], [2, 2], { dims: 1 }), raster, 1);
    expect([...line.tips.subarray(0, 2)].map((value) => Number(value.toFixed(3)))).toEqual([1.5, 0.1]);
  });

  test('are no longer than they may, however far one vector reaches', () => {
    const cells = [...Array(16).keys()];
    const positions = cells.flatMap((cell) => [(cell % 4) + 0.5, Math.floor(cell / 4) + 0.5]);
    const vectors = cells.flatMap((cell) => [cell === 3 ? 1000 : 1, 0]);
    const { tails, tips } = averageField(field(positions, vectors), raster, 1);
    const lengths = cells.map((arrow) => tips[3 * arrow] - tails[3 * arrow]);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1.4 + 1e-6);
  });
});

describe('labels', () => {
  const size = { width: 300, height: 200 };

  test('are moved into the window whole, where their middle is in it', () => {
    const box = { x: 5, y: 199, width: 40, height: 10 };
    expect(keepInside(box, size)).toEqual({ ...box, x: 20, y: 195 });
    expect(keepInside({ ...box, x: 150, y: 100 }, size)).toEqual({ ...box, x: 150, y: 100 });
    expect(keepInside({ ...box, x: -1 }, size)).toEqual({ ...box, x: -1 });
  });

  test('stand where no earlier one stands, and only in view', () => {
    const box = (x: number, y: number) => ({ x, y, width: 40, height: 10 });
    const boxes = [box(50, 50), box(80, 55), box(91, 50), box(-1, 50), box(50, 61), box(NaN, 3)];
    expect(placeBoxes(boxes, size)).toEqual([0, 2, 4]);
  });

  test('never touch each other, and none is left out without need', () => {
    const boxes = Array.from({ length: 120 }, (_, at) => ({
      x: hashed(at) * 300,
      y: hashed(at + 1000) * 200,
      width: 20 + hashed(at + 2000) * 60,
      height: 18,
    }));
    const touch = (a: number, b: number) =>
      2 * Math.abs(boxes[a].x - boxes[b].x) < boxes[a].width + boxes[b].width &&
      2 * Math.abs(boxes[a].y - boxes[b].y) < 36;
    const standing = placeBoxes(boxes, size);
    for (const one of standing)
      for (const other of standing) expect(one !== other && touch(one, other)).toBe(false);
    const left = [...boxes.keys()].filter((index) => !standing.includes(index));
    for (const index of left)
      expect(standing.some((other) => other < index && touch(index, other))).toBe(true);
  });
});
