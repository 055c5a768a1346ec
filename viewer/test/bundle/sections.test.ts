import { expect, test } from 'vitest';
import { openFolder } from '../../src/bundle/open';
import type { Sections } from '../../src/bundle/tissue';
import { gzip, type MapFiles } from '../map_files';
import { sectionsBundle } from '../sections_fixture';

interface Changed {
  items: Record<string, unknown>[];
  metadata: { values: unknown[] }[];
  first_column: number | null;
  embedding: number;
}

async function sectionsOf(files: MapFiles): Promise<Sections> {
  const opened = await openFolder(files, {});
  if (opened.is !== 'bundle') throw new Error('a list');
  return opened.bundle.tissue!.sections!;
}

test('sections are read with their facts', async () => {
  const sections = await sectionsOf(sectionsBundle());
  expect(sections.column).toBe('slice');
  expect(sections.items.map(({ name, start, end, nPlaced }) => [name, start, end, nPlaced])).toEqual([
    ['s1', 0, 3, 2],
    ['s2', 3, 4, 1],
    [null, 4, 5, 0],
  ]);
  expect(sections.metadata[0]).toEqual({ name: 'condition', values: ['treated', 'control', null] });
  expect(await sections.rows()).toBeNull();
});

test('points are relative to the corner of their section, and have the codes of the first column', async () => {
  const sections = await sectionsOf(sectionsBundle());
  const { positions, codes } = await sections.points(0);
  expect([...positions]).toEqual([0, 2, 1, 0, NaN, NaN]);
  expect([...codes!]).toEqual([0, 1, NaN]);
  const second = await sections.points(1);
  expect(second.positions[0]).toBeCloseTo(0.5, 4);
  const last = await sections.points(2);
  expect([...last.positions]).toEqual([NaN, NaN]);
});

test('without a first column there are no codes', async () => {
  const files = sectionsBundle((atlas) => ((atlas.sections as Changed).first_column = null));
  files.files.set('a/section_3.bin.gz', gzip(Uint8Array.of(0, 0, 0, 0)));
  expect((await (await sectionsOf(files)).points(1)).codes).toBeNull();
});

test.each<[string, (sections: Changed) => void, RegExp]>([
  ['a gap', ({ items }) => (items[1].start = 4), /section_3.bin.gz does not begin at cell 3/],
  ['too few cells', ({ items }) => items.pop(), /the parts end at cell 4 of 5/],
  ['too few values', ({ metadata }) => metadata[0].values.pop(), /“condition” has 2 values for 3 sections/],
  ['no bounds', ({ items }) => (items[0].minimum = null), /“s1” has bounds/],
  ['another embedding', (sections) => (sections.embedding = 7), /embedding 7, which does not exist/],
  ['a column of numbers', (sections) => (sections.first_column = 1), /column 1, which has no categories/],
])('damage is said in a sentence: %s', async (_, damage, message) => {
  const files = sectionsBundle((atlas) => void damage(atlas.sections as Changed));
  await expect(sectionsOf(files)).rejects.toThrow(message);
});

test('a file of another length is refused', async () => {
  const files = sectionsBundle();
  files.files.set('a/section_0.bin.gz', gzip(new Uint8Array(14)));
  await expect((await sectionsOf(files)).points(0)).rejects.toThrow(
    'The file a/section_0.bin.gz has 14 bytes, but must have 15 for the 3 cells of its section.',
  );
});
