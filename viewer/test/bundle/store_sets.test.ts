import { expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { anndataStore, categorical, frame, maskedTexts } from '../anndata_fixture';
import type { StoreBuilder } from '../zarr_fixture';

const open = async (more: (store: StoreBuilder) => unknown, format: 2 | 3 = 2) =>
  openBundle(anndataStore({ format, more }));
const dict = { 'encoding-type': 'dict', 'encoding-version': '0.1.0' };

test.each([2, 3] as const)('sets of a data frame, and loadings (Zarr v%i)', async (format) => {
  const bundle = await open((store) => {
    frame(store, 'uns/gene_sets', ['source', 'target']);
    store.texts('uns/gene_sets/_index', ['0', '1', '2', '3']);
    categorical(store, 'uns/gene_sets/source', Int8Array.of(1, 0, 1, 1), ['score', 'T']);
    store.texts('uns/gene_sets/target', ['Actb', '__proto__', '../x', 'absent']);
    store.group('varm', dict);
    store.array(
      'varm/PCs',
      Float64Array.from({ length: 10 }, (_, at) => at / 4),
      { shape: [5, 2] },
    );
    store.array('varm/other', Float32Array.of(1, 2, 3), { shape: [3, 1] });
  }, format);
  const facts = bundle.geneFacts!;
  expect(facts.hasSets).toBe(true);
  expect(await facts.sets()).toEqual([
    { name: 'T', source: 'uns:gene_sets', genes: [0, 2], nNotExported: 0, nMissing: 1, column: null },
    {
      name: 'score',
      source: 'uns:gene_sets',
      genes: [1],
      nNotExported: 0,
      nMissing: 0,
      column: bundle.columns.findIndex(({ name }) => name === 'score'),
    },
  ]);
  expect(facts.loadings.map(({ key, nColumns }) => [key, nColumns])).toEqual([['PCs', 2]]);
  expect([...(await facts.loading(0))]).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25]);
});

test('sets of a dictionary of lists, also with masks; what is no list of texts is passed over', async () => {
  const bundle = await open((store) => {
    store.group('uns/gene_sets', dict);
    store.texts('uns/gene_sets/B', ['Actb', 'Actb']);
    maskedTexts(store, 'uns/gene_sets/T', ['../x']);
    store.array('uns/gene_sets/numbers', Float32Array.of(1, 2));
    store.scalar('uns/gene_sets/note', 'x');
  });
  const facts = bundle.geneFacts!;
  expect((await facts.sets()).map(({ name, genes }) => [name, genes])).toEqual([
    ['B', [0]],
    ['T', [2]],
  ]);
  expect(facts.loadings).toEqual([]);
});

test('a store without either has no facts', async () => {
  expect((await open(() => {})).geneFacts).toBe(null);
  expect((await open((store) => store.group('uns/gene_sets', dict))).geneFacts).toBe(null);
});
