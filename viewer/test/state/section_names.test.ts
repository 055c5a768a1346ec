import { expect, test } from 'vitest';
import type { Bundle } from '../../src/bundle/bundle';
import { Categories } from '../../src/state/colouring/categories';
import { Filters } from '../../src/state/filters/filters';
import { SectionNames } from '../../src/state/view/section_names';
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
  const names = new SectionNames(bundle, view, filters, new Categories(bundle));
  await view.choose(0);
  await names.load();
  return { filters, names };
}

test.each([
  ['down', 1, 5],
  ['up', 5, 1],
] as const)('a section is the box of its cells, where y points %s', async (yAxis, top, bottom) => {
  const { names } = await opened(yAxis);
  expect(names.sections.value).toEqual([
    { code: 0, text: 'a', left: 0, right: 10, top, bottom },
    { code: 1, text: 'b', left: 30, right: 30, top: 8, bottom: 8 },
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
