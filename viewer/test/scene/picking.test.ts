import { describe, expect, test } from 'vitest';
import { hashed } from '../../src/state/view/spread';
import { Fence } from '../../src/scene/picking/fence';
import { cellsWithin, type Corner } from '../../src/scene/picking/regions';
import { Swath } from '../../src/scene/picking/swath';
import { cellsInView } from '../../src/scene/picking/visible_cells';
import { ScreenGrid, type DrawnCells } from '../../src/scene/picking/screen_grid';
import { discAt, projectInto, type Projection } from '../../src/scene/view/projection';

const SIZE = { width: 200, height: 100 };

/** Looks along -z from z = 4: 100 pixels a unit at z = 0, the middle of the window at the origin. */
const ahead: Projection = {
  // Pixels = 100 * place * 4 / (4 - z) + middle; w = 4 - z.
  matrix: Float64Array.of(400, 0, 0, 0, 0, 400, 0, 0, -100, -50, 0, -1, 400, 200, 0, 4),
  focal: 4,
};

function scatter(nCells: number): DrawnCells {
  const positions = Float32Array.from({ length: 3 * nCells }, (_, at) => 2 * hashed(at) - 1);
  return { positions, width: 3, solid: true, mask: null };
}

/** Some cells at a time, until all are sorted. */
function sorted(drawn: DrawnCells, earlier: ScreenGrid | null = null, step = 1): ScreenGrid {
  const grid = new ScreenGrid(drawn, ahead, SIZE, earlier);
  while (!grid.sortSome(step));
  return grid;
}

test('a projection puts the origin into the middle, and what is nearer farther out', () => {
  const spot = new Float64Array(3);
  projectInto(spot, ahead, 0, 0, 0);
  expect([...spot]).toEqual([100, 50, 4]);
  projectInto(spot, ahead, 0.5, 0, 2);
  expect([...spot]).toEqual([200, 50, 2]);
  expect(discAt(10, ahead, 2)).toBe(20);
  expect(discAt(10, ahead, 1e-9)).toBe(64);
});

describe('the cell under a pixel', () => {
  test('is the front-most one whose disc covers it', () => {
    const positions = Float32Array.of(0, 0, -1, 0.01, 0, 1, 0, 0, 0);
    const grid = sorted({ positions, width: 3, solid: true, mask: null });
    expect(grid.find(100, 50, 5, 10)).toBe(1);
  });

  test('is the nearest one within reach where no disc covers it', () => {
    const positions = Float32Array.of(0, 0, 0, 0.1, 0, 0);
    const grid = sorted({ positions, width: 3, solid: true, mask: null });
    expect(grid.find(103, 50, 5, 1)).toBe(0);
    expect(grid.find(107, 50, 5, 1)).toBe(1);
    expect(grid.find(150, 50, 5, 1)).toBe(null);
  });

  test('is never a hidden one, one without a place, or one behind the camera', () => {
    const positions = Float32Array.of(0, 0, 0, 0, NaN, 0, 0, 0, 5);
    const mask = Uint8Array.of(0, 255, 255);
    const grid = sorted({ positions, width: 3, solid: true, mask });
    expect(grid.find(100, 50, 5, 10)).toBe(null);
  });

  test('is what going through all cells finds', () => {
    const drawn = scatter(400);
    let grid: ScreenGrid | null = null;
    const spot = new Float64Array(3);
    for (let look = 0; look < 200; look++) {
      // Each grid reuses the arrays of the last one.
      grid = sorted(drawn, grid, 1 + look * 7);
      const [x, y] = [hashed(10_000 + look) * SIZE.width, hashed(20_000 + look) * SIZE.height];
      let [best, front] = [-1, Infinity];
      let [nearest, least] = [-1, 5];
      for (let cell = 0; cell < 400; cell++) {
        projectInto(
          spot,
          ahead,
          ...([0, 1, 2].map((axis) => drawn.positions[3 * cell + axis]) as [number, number, number]),
        );
        const distance = Math.hypot(spot[0] - x, spot[1] - y);
        if (distance <= discAt(12, ahead, spot[2]) / 2 && spot[2] < front) [best, front] = [cell, spot[2]];
        if (distance <= least) [nearest, least] = [cell, distance];
      }
      const expected = best >= 0 ? best : nearest >= 0 ? nearest : null;
      expect(grid.find(x, y, 5, 12)).toBe(expected);
    }
  });
});

test('what is in view lies in the window, before the camera', () => {
  const positions = Float32Array.of(0, 0, 0, 2, 0, 0, 0, 0, 5, NaN, 0, 0, 0.9, 0, 0, 0.9, 0, 1);
  const drawn = { positions, width: 3, solid: true, mask: null };
  expect([...cellsInView(drawn, ahead, SIZE)]).toEqual([1, 0, 0, 0, 1, 0]);
});

describe('a lasso', () => {
  const square: Corner[] = [
    [20, 20],
    [60, 20],
    [60, 60],
    [20, 60],
  ];

  test('holds what is inside of it', () => {
    const fence = new Fence(square);
    expect(fence.holds(40, 40)).toBe(true);
    expect(fence.holds(20.5, 59.5)).toBe(true);
    expect([
      fence.holds(19, 40),
      fence.holds(61, 40),
      fence.holds(40, 19),
      fence.holds(40, 61),
    ]).not.toContain(true);
    expect(fence.holds(NaN, 40)).toBe(false);
  });

  test('of any shape agrees with counting all of its sides', () => {
    const corners: Corner[] = Array.from({ length: 25 }, (_, at) => [
      hashed(at) * 100,
      hashed(at + 99) * 100,
    ]);
    const fence = new Fence(corners);
    for (let point = 0; point < 2000; point++) {
      const [x, y] = [hashed(point + 500) * 100, hashed(point + 5000) * 100];
      let inside = false;
      corners.forEach(([ax, ay], at) => {
        const [bx, by] = corners[(at + 1) % corners.length];
        if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
      });
      expect(fence.holds(x, y)).toBe(inside);
    }
  });

  test('takes shown cells that have a place, by rising number, in depth as they are seen', async () => {
    const positions = Float32Array.of(-0.6, -0.1, 0, -0.6, -0.1, 3, -0.5, 0, 0, NaN, 0, 0, 0.9, 0, 0);
    const mask = Uint8Array.of(255, 255, 255, 255, 255);
    const drawn = { positions, width: 3, solid: true, mask };
    expect([...(await cellsWithin(new Fence(square), drawn, ahead))]).toEqual([0, 2]);
    mask[0] = 0;
    expect([...(await cellsWithin(new Fence(square), drawn, ahead))]).toEqual([2]);
  });
});

describe('a brush', () => {
  test('covers what is within its radius of its way', () => {
    const way: Corner[] = [
      [20, 20],
      [60, 20],
      [60, 50],
    ];
    const swath = new Swath(way, 8);
    for (const [x, y] of way) expect(swath.holds(x, y)).toBe(true);
    expect(swath.holds(40, 27)).toBe(true);
    expect(swath.holds(40, 29.6)).toBe(false);
    expect(swath.holds(66, 57)).toBe(false);
    expect(swath.holds(60, 57)).toBe(true);
    expect(swath.holds(40, 40)).toBe(false);
    expect([swath.holds(NaN, 20), swath.holds(-900, 20), swath.holds(20, 900)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('that does not move covers a disc, also beyond the edge of the stage', () => {
    const swath = new Swath([[2, 2]], 10);
    expect(swath.holds(-5, 2)).toBe(true);
    expect(swath.holds(-5, -5)).toBe(true);
    expect(swath.holds(-6, -6)).toBe(false);
  });
});
