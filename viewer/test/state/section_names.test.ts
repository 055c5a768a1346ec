import { expect, test } from 'vitest';
import type { Bundle } from '../../src/bundle/bundle';
import { Filters } from '../../src/state/filters';
import { SectionNames } from '../../src/state/names/section_names';
import { EmbeddingView } from '../../src/state/view/embedding_view';

/** Two sections of two cells each, and a cell without a section. */
async function opened(yAxis: 'up' | 'down', laidOutBy: string | undefined = 'slide') {
  const bundle = {
    nCells: 5,
    columns: [{ name: 'slide', kind: 'category', categories: ['a', 'b', 'empty'], colors: null }],
    embeddings: [
      { key: 'spatial', dims: 2, yAxis, laidOutBy, origin: [0, 0], minimum: [0, 0], maximum: [40, 10] },
    ],
    coordinates: () => Promise.resolve(Float32Array.of(0, 1, 10, 5, 30, 8, 40, NaN, 90, 90)),
    column: () => Promise.resolve({ kind: 'codes', codes: Uint8Array.of(0, 0, 1, 1, 255), missing: 255 }),
  } as unknown as Bundle;
  const filters = new Filters(bundle);
  const view = new EmbeddingView(bundle);
  const names = new SectionNames(bundle, view, filters);
  await view.choose(0);
  await names.load();
  return { filters, names };
}

test.each([
  ['down', 1],
  ['up', 5],
] as const)('a name is above the middle of its section, where y points %s', async (yAxis, top) => {
  const { names } = await opened(yAxis);
  expect(names.sections.value).toEqual([
    { code: 0, text: 'a', x: 5, y: top },
    { code: 1, text: 'b', x: 30, y: 8 },
  ]);
});

test('sections without a shown cell have no name, nor do sections that lie on top of each other', async () => {
  const { filters, names } = await opened('down');
  await filters.hide(0, new Set([0]));
  expect(names.sections.value.map(({ text }) => text)).toEqual(['b']);
  names.on.value = false;
  expect(names.sections.value).toEqual([]);
  for (const laidOutBy of ['absent', '']) {
    const other = await opened('down', laidOutBy);
    expect([other.names.column.value, other.names.sections.value]).toEqual([null, []]);
  }
});
