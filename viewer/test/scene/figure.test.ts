import { expect, test } from 'vitest';
import { discsIn, MOST_DISCS, type DiscsOf } from '../../src/scene/figure/discs';
import { arrowsOf, endsIn } from '../../src/scene/figure/paths';

/** One unit is a pixel. */
const FLAT = { matrix: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1), focal: 1 };
const FRAME = { x: 100, y: 50, width: 200, height: 100 };
const RED = [255, 0, 0];
const BLUE = [0, 0, 255];

const of = (positions: number[], more: Partial<DiscsOf> = {}): DiscsOf => ({
  drawn: { positions: Float32Array.from(positions), width: 2, solid: false, mask: null },
  cells: null,
  emphasis: null,
  diameterOf: () => 4,
  projection: FLAT,
  frame: FRAME,
  grow: 0.5,
  depth: 1,
  colors: {
    slotOf: (cell) => cell % 2,
    colorOf: (slot) => (slot === 0 ? RED : BLUE),
    nameOf: (slot) => (slot === 0 ? 'red' : 'blue'),
    order: (slots) => slots.toSorted((one, other) => other - one),
    stage: [255, 255, 255],
    opacity: 0.8,
  },
  ...more,
});
const found = async (given: DiscsOf) => (await discsIn(given, () => true))!;

test('cells are circles of one colour a group, in drawing order, where they touch the frame', async () => {
  const made = await found(of([10, 20, 30, 40, 50, 60, NaN, 1, -0.5, 3, -2, 3, 200.5, 3, 5, 102]));
  expect(made.map(({ name, fill, opacity }) => [name, fill, opacity])).toEqual([
    ['blue', '#0000ff', 0.8],
    ['red', '#ff0000', 0.8],
  ]);
  expect([...made[0].spots]).toEqual([130, 90, 1]);
  expect([...made[1].spots]).toEqual([110, 70, 1, 150, 110, 1, 99.5, 53, 1, 300.5, 53, 1]);
});

test('hidden cells are left out, and cells that are not selected are faint and below', async () => {
  const drawn = { positions: Float32Array.from([1, 1, 2, 2, 3, 3, 4, 4]), width: 2, solid: false };
  const mask = Uint8Array.of(255, 0, 255, 255);
  const made = await found(of([], { drawn: { ...drawn, mask }, emphasis: Uint8Array.of(80, 0, 255, 80) }));
  expect(made.map(({ name, opacity }) => [name, Math.round(opacity * 1000) / 1000])).toEqual([
    ['blue, not selected', 0.112],
    ['red, not selected', 0.112],
    ['red', 0.8],
  ]);
});

test('the order of drawing is kept within a colour', async () => {
  const made = await found(of([1, 1, 2, 2, 3, 3, 4, 4], { cells: Uint32Array.of(2, 3, 1, 0) }));
  expect([...made[1].spots].filter((_, at) => at % 3 === 0)).toEqual([103, 101]);
});

test('one cell too many is a picture', async () => {
  const many = (count: number) => of(Array.from({ length: 2 * count }, () => 10));
  expect((await found(many(MOST_DISCS))).reduce((sum, { spots }) => sum + spots.length / 3, 0)).toBe(
    MOST_DISCS,
  );
  expect(await discsIn(many(MOST_DISCS + 1), () => true)).toBeNull();
});

test('in 3-D near cells are larger, later, and have less of the background', async () => {
  // w is 1 + z: the eye is before the plane z = -1.
  const deep = { matrix: FLAT.matrix.with(11, 1), focal: 1 };
  const positions = Float32Array.from([10, 10, 0, 20, 20, 1, 30, 30, -0.5]);
  const drawn = { positions, width: 3, solid: true, mask: null };
  const made = await found(of([], { drawn, projection: deep, diameterOf: () => 8 }));
  expect(made.map(({ spots }) => spots[2])).toEqual([1, 2, 4]);
  expect(made.map(({ name }) => name)).toEqual(['blue, layer 1', 'red, layer 17', 'red, layer 24']);
  const share = made.map(({ fill }) => parseInt(fill.slice(3, 5), 16));
  expect(share[0]).toBeGreaterThan(share[1]);
  expect(share[2]).toBe(0);
});

test('lines beyond the frame or behind the eye are left out, and too many are a picture', () => {
  const tails = Float32Array.of(0, 0, 0, -9, -9, 0, -9, 50, 0);
  const tips = Float32Array.of(10, 10, 0, -1, -1, 0, 9, 50, 0);
  expect(endsIn({ tails, tips, count: 3 }, FLAT, FRAME, 2)).toEqual([100, 50, 110, 60, 91, 100, 109, 100]);
  expect(endsIn({ tails, tips, count: 3 }, FLAT, FRAME, 1)).toBeNull();
});

test('an arrow reaches from its tail to its tip, with a rim below', () => {
  const look = { name: 'a', color: '#000000', rim: '#ffffff', width: 2, head: 8, halo: 1 };
  const [rim, arrow] = arrowsOf([0, 0, 20, 0], look);
  expect(rim).toMatchObject({ color: '#ffffff', width: 2, each: 7 });
  const corners = [...arrow.corners].map((each) => Math.round(each * 100) / 100);
  expect(corners).toEqual([0, 1, 12, 1, 12, 3.36, 20, 0, 12, -3.36, 12, -1, 0, -1]);
  expect(arrowsOf([0, 0, 20, 0], { ...look, head: 0 })[1].corners).toHaveLength(8);
});
