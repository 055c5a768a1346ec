import { signal } from '@preact/signals-core';
import { expect, test } from 'vitest';
import type { Bundle } from '../../src/bundle/bundle';
import { Filters } from '../../src/state/filters/filters';
import { Notes } from '../../src/state/texts/notes';

const OVERLAPS = 'Sections lie on top of each other.';
const SLIDES = Uint8Array.of(0, 1, 0, 255, 1);
const DONORS = Uint8Array.of(0, 1, 0, 1, 1);

function made(overlap: Bundle['overlap'], areApart?: (column: string) => boolean) {
  const columns = ['slide', 'donor'].map((name) => ({
    name,
    kind: 'category',
    categories: ['a', 'b'],
    colors: null,
  }));
  const bundle = {
    nCells: 5,
    columns,
    notes: ['Other.', OVERLAPS],
    overlap,
    column: (index: number) =>
      Promise.resolve({ kind: 'codes', codes: [SLIDES, DONORS][index], missing: 255 }),
  } as unknown as Bundle;
  const filters = new Filters(bundle);
  return { filters, notes: new Notes(bundle, filters, areApart) };
}

test('the note that sections overlap is left out while one of them is shown, whichever column hides the others', async () => {
  const { filters, notes } = made({ column: 'slide', note: 1 });
  await notes.load();
  expect(notes.shown.value).toEqual(['Other.', OVERLAPS]);
  await filters.hide(0, new Set([1]));
  await notes.load();
  expect(notes.shown.value, 'cells without a section are shown, too').toEqual(['Other.', OVERLAPS]);
  await filters.hide(0, new Set([1, -1]));
  expect(notes.shown.value).toEqual(['Other.']);
  filters.clear();
  expect(notes.shown.value).toEqual(['Other.', OVERLAPS]);
  await filters.hide(1, new Set([1]));
  expect(notes.shown.value).toEqual(['Other.']);
});

test.each([null, { column: 'absent', note: 1 }])(
  'notes stay where the sections are not known: %j',
  async (overlap) => {
    const { filters, notes } = made(overlap);
    await filters.hide(0, new Set([1, -1]));
    await notes.load();
    expect(notes.shown.value).toEqual(['Other.', OVERLAPS]);
  },
);

test('the note that sections overlap is left out while each has a panel of its own', () => {
  const apart = signal(true);
  const column = 'slide';
  const { notes } = made({ column, note: 1 }, (each) => each === column && apart.value);
  expect(notes.shown.value).toEqual(['Other.']);
  apart.value = false;
  expect(notes.shown.value).toEqual(['Other.', OVERLAPS]);
});
