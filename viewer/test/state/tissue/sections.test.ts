import { expect, test } from 'vitest';
import type { Bundle } from '../../../src/bundle/bundle';
import type { SectionPoints, Sections } from '../../../src/bundle/tissue';
import { Filters } from '../../../src/state/filters/filters';
import { factText, valuesOf } from '../../../src/state/tissue/sections/arrange';
import { matrixOf, mirrored, turned, UPRIGHT } from '../../../src/state/tissue/sections/orientation';
import { readOrientations, writeOrientations } from '../../../src/state/tissue/sections/orientation_file';
import { SectionsState } from '../../../src/state/tissue/sections/sections';

const SIZES = [30, 10, 10, 50];
const starts = SIZES.map((_, at) => SIZES.slice(0, at).reduce((sum, size) => sum + size, 0));

function sectionsOf(points: Sections['points'] = () => Promise.reject(new Error('no points'))): Sections {
  return {
    column: 'slice',
    embedding: 0,
    firstColumn: null,
    metadata: [
      { name: 'condition', values: ['treated', 'control', 'control', null] },
      { name: 'day', values: [10, 2, 2, null] },
    ],
    items: ['s1', 's2', 's10', null].map((name, at) => ({
      name,
      start: starts[at],
      end: starts[at] + SIZES[at],
      nPlaced: SIZES[at],
      minimum: [0, 0],
      maximum: [1, 1],
    })),
    points,
    rows: () => Promise.resolve(null),
  };
}

function stateOf(sections = sectionsOf()): SectionsState {
  const bundle = { nCells: 100, columns: [], embeddings: [{}], tissue: { sections } };
  return new SectionsState(bundle as unknown as Bundle, new Filters(bundle as unknown as Bundle));
}

test('sections are sorted by name, number of cells and metadata; equal ones keep the order of names', () => {
  const state = stateOf();
  expect(state.list.value).toEqual([0, 1, 2, 3]);
  state.sort.value = { by: 'name', isReversed: true };
  expect(state.list.value).toEqual([3, 2, 1, 0]);
  state.sort.value = { by: 'cells', isReversed: false };
  expect(state.list.value).toEqual([3, 0, 1, 2]);
  state.sort.value = { by: 1, isReversed: false };
  expect(state.list.value).toEqual([1, 2, 0, 3]);
});

test('sections are chosen by their metadata and their names', () => {
  const state = stateOf();
  state.choose(0, 'control', true);
  expect(state.list.value).toEqual([1, 2]);
  state.search.value = ' S1';
  expect(state.list.value).toEqual([2]);
  state.choose(0, 'control', false);
  expect(state.list.value).toEqual([0, 2]);
  state.search.value = 'no sec';
  expect(state.list.value).toEqual([3]);
  state.showEverySection();
  expect(state.list.value).toHaveLength(4);
});

test('values of metadata are in natural order, the missing one last', () => {
  const { metadata } = sectionsOf();
  expect(valuesOf(metadata[1])).toEqual([2, 10, null]);
  expect(valuesOf(metadata[0]).map(factText)).toEqual(['control', 'treated', 'no value']);
});

test('one section is shown large, and the next', () => {
  const state = stateOf();
  expect(state.mode.value).toBe('grid');
  state.open(1);
  expect([state.mode.value, state.section.value]).toEqual(['stage', 1]);
  state.walk(1);
  expect(state.section.value).toBe(2);
  state.walk(9);
  expect(state.section.value).toBe(3);
  state.showGrid();
  expect([state.mode.value, state.section.value, state.current.value]).toEqual(['grid', null, 3]);
  state.open(4);
  expect(state.mode.value).toBe('grid');
});

test('the section of a cell', () => {
  const state = stateOf();
  expect([0, 29, 30, 49, 50, 99, 100].map((cell) => state.sectionOf(cell))).toEqual([0, 0, 1, 2, 3, 3, null]);
});

test('cells are counted by section', () => {
  expect([...stateOf().counts.value]).toEqual(SIZES);
});

test('mirroring exchanges left and right of what is seen, whatever the rotation', () => {
  for (const yAxis of ['up', 'down'] as const)
    for (const degrees of [0, 90, 37]) {
      const before = matrixOf({ degrees, flipped: false }, yAxis);
      const after = matrixOf(mirrored({ degrees, flipped: false }), yAxis);
      [-before[0], -before[1], before[2], before[3]].forEach((value, at) =>
        expect(after[at]).toBeCloseTo(value),
      );
    }
});

test('a turn is clockwise on the screen', () => {
  expect(turned(UPRIGHT, -90)).toEqual({ degrees: 270, flipped: false });
  // What points right points down afterwards.
  const [a, , c] = matrixOf(turned(UPRIGHT, 90), 'down');
  expect([a, c].map(Math.round)).toEqual([0, 1]);
  const [, , up] = matrixOf(turned(UPRIGHT, 90), 'up');
  expect(Math.round(up)).toBe(-1);
});

test('orientations are written by name and read again', () => {
  const state = stateOf();
  state.orient(1, { degrees: 90, flipped: true });
  state.orient(3, { degrees: 180, flipped: false });
  const text = writeOrientations(state);
  const other = stateOf();
  other.orient(0, { degrees: 5, flipped: false });
  expect(readOrientations(other, text)).toEqual([]);
  expect([...other.orientations.value]).toEqual([...state.orientations.value]);
  const renamed = text.replace('"s2"', '"elsewhere"');
  expect(readOrientations(other, renamed)).toEqual(['elsewhere']);
  expect(other.orientationOf(1)).toEqual(UPRIGHT);
  expect(() => readOrientations(other, text.replace('90', '900'))).toThrow(
    /no file of orientations: .*degrees/,
  );
  expect(() => readOrientations(other, '{')).toThrow(/no file of orientations/);
});

test('points of sections that leave the sight are given up', async () => {
  const given: AbortSignal[] = [];
  const points: SectionPoints = { positions: new Float32Array(2), codes: null };
  const ready: (() => void)[] = [];
  const store = stateOf(
    sectionsOf((_, signal) => {
      given.push(signal!);
      return new Promise((done, fail) => {
        ready.push(() => done(points));
        signal!.addEventListener('abort', () => fail(signal!.reason as Error));
      });
    }),
  ).points;
  store.want([0, 1]);
  store.want([1, 2]);
  expect(given.map(({ aborted }) => aborted)).toEqual([true, false, false]);
  ready[1]();
  await Promise.resolve().then(() => {});
  expect(store.of(1)).toBe(points);
  expect(store.isSettled).toBe(false);
  ready[2]();
  await Promise.resolve().then(() => {});
  expect(store.isSettled).toBe(true);
  store.want([1]);
  expect(given).toHaveLength(3);
});
