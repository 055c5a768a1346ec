import { describe, expect, test } from 'vitest';
import type { Bundle } from '../../../src/bundle/bundle';
import { SectionFilters } from '../../../src/state/drawing/section_filters';
import { Filters } from '../../../src/state/filters/filters';
import { EmbeddingView } from '../../../src/state/view/embedding_view';
import { turn, turnBack, type Part } from '../../../src/state/view/part';
import { mirrored, matrixOf, turned, UPRIGHT } from '../../../src/state/tissue/sections/orientation';
import { signal } from '@preact/signals-core';
import { DeckCamera } from '../../../src/scene/view/deck_camera';
import { projectInto } from '../../../src/scene/view/projection';

/** Six cells in two overlapping sections of three. */
const POSITIONS = Float32Array.of(0, 0, 10, 0, 0, 4, 1, 1, 3, 1, 3, 9);

function bundle(yAxis: 'up' | 'down' = 'down'): Bundle {
  const info = {
    key: 'spatial',
    label: 'spatial',
    source: 'obsm:spatial',
    dims: 2,
    yAxis,
    origin: [0, 0],
    minimum: [0, 0],
    maximum: [10, 9],
  };
  const column = { kind: 'codes', codes: Float32Array.of(0, 1, 0, 1, 0, 1), missing: 255 };
  return {
    nCells: 6,
    embeddings: [info],
    columns: [{ name: 'type', kind: 'category', categories: ['a', 'b'], colors: null }],
    coordinates: () => Promise.resolve(POSITIONS),
    column: () => Promise.resolve(column),
  } as never;
}

const SECOND: Part = { embedding: 0, section: 1, start: 3, end: 6, orientation: UPRIGHT };

async function opened(part: Part | null, yAxis: 'up' | 'down' = 'down') {
  const large = signal(part);
  const view = new EmbeddingView(bundle(yAxis), large);
  view.size.value = { width: 800, height: 600 };
  await view.choose(0);
  return { large, view };
}

describe('filters of one section', () => {
  test('show the cells of the section that pass the filters of the user', async () => {
    const large = signal<Part | null>(null);
    const filters = new Filters(bundle());
    const drawn = new SectionFilters(filters, large);
    expect([drawn.mask.value, drawn.nShown.value]).toEqual([null, 6]);
    large.value = SECOND;
    expect([...drawn.mask.value!]).toEqual([0, 0, 0, 255, 255, 255]);
    expect(drawn.nShown.value).toBe(3);
    await filters.hide(0, new Set([0]));
    expect([...drawn.mask.value!]).toEqual([0, 0, 0, 255, 0, 255]);
    expect(drawn.nShown.value).toBe(2);
    expect([...drawn.shownCells()]).toEqual([3, 5]);
    expect([...drawn.maskBeside(0)!]).toEqual([0, 0, 0, 255, 255, 255]);
    large.value = null;
    expect([...drawn.shownCells()]).toEqual([1, 3, 5]);
  });
});

describe('the view of one section', () => {
  test('fits its cells, whatever their orientation', async () => {
    const { large, view } = await opened(SECOND);
    const camera = new DeckCamera(view);
    const spot = new Float64Array(3);
    for (const orientation of [UPRIGHT, turned(UPRIGHT, 90), mirrored(turned(UPRIGHT, 37))]) {
      large.value = { ...SECOND, orientation };
      for (let cell = 3; cell < 6; cell++) {
        const [x, y] = POSITIONS.subarray(2 * cell, 2 * cell + 2);
        projectInto(spot, camera.projection.value!, x, y, 0);
        expect(spot[0]).toBeGreaterThan(0);
        expect(spot[0]).toBeLessThan(800);
        expect(spot[1]).toBeGreaterThan(50);
        expect(spot[1]).toBeLessThan(600);
        const [backX, backY] = view.placeAt(spot[0], spot[1])!;
        expect(backX).toBeCloseTo(x, 5);
        expect(backY).toBeCloseTo(y, 5);
        const [left, low, right, high] = view.visible.value!;
        expect(left < x && x < right && low < y && y < high).toBe(true);
      }
    }
  });

  test.each(['up', 'down'] as const)(
    'turns clockwise on the screen and then shows the mirror image, y %s',
    async (yAxis) => {
      const { large, view } = await opened(SECOND, yAxis);
      const camera = new DeckCamera(view);
      const spot = new Float64Array(3);
      const way = (dx: number, dy: number) => {
        const at = (x: number, y: number) => {
          projectInto(spot, camera.projection.value!, x, y, 0);
          return [spot[0], spot[1]];
        };
        const [from, to] = [at(2, 2), at(2 + dx, 2 + dy)];
        return [Math.sign(Math.round(to[0] - from[0])), Math.sign(Math.round(to[1] - from[1]))];
      };
      expect(way(1, 0)).toEqual([1, 0]);
      large.value = { ...SECOND, orientation: turned(UPRIGHT, 90) };
      expect(way(1, 0)).toEqual([0, 1]);
      large.value = { ...SECOND, orientation: mirrored(turned(UPRIGHT, 90)) };
      expect(way(1, 0)).toEqual([0, 1]);
      large.value = { ...SECOND, orientation: mirrored(UPRIGHT) };
      expect(way(1, 0)).toEqual([-1, 0]);
      // A drag follows the pointer, and zooming keeps what is in the middle.
      const before = view.placeAt(400, 300)!;
      camera.panBy(40, 30);
      const [x, y] = view.placeAt(360, 270)!;
      expect(x).toBeCloseTo(before[0], 5);
      expect(y).toBeCloseTo(before[1], 5);
    },
  );

  test('a turn leads back', () => {
    const way = matrixOf({ degrees: 30, flipped: true }, 'up');
    const [x, y] = turnBack(way, ...turn(way, 3, 4));
    expect(x).toBeCloseTo(3);
    expect(y).toBeCloseTo(4);
  });
});
