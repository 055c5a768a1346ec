import { expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { areAccessions, areSymbols } from '../../src/bundle/formats/anndata/symbols';
import { anndataStore, categorical, chunksOf, EXPRESSION, frame, maskedTexts } from '../anndata_fixture';
import type { StoreBuilder } from '../zarr_fixture';

const IDS = EXPRESSION[0].map((_, gene) => `ENSG0000000000${gene}`);
const SYMBOLS = ['CD3D', 'ACTB', '', 'ACTB', 'MS4A1'];
const LABELS = ['CD3D', 'ACTB', IDS[2], 'ACTB-1', 'MS4A1'];
const UNIQUE = ['CD3D', 'ACTB', '', 'GAPDH', 'MS4A1'];

/** Genes called by accession numbers, with a column of other names. */
async function opened(column: string, write: (store: StoreBuilder) => unknown, format: 2 | 3 = 2) {
  const files = anndataStore({
    format,
    more: (store) => {
      frame(store, 'var', ['notes', column]);
      store.texts('var/_index', IDS, 2).texts('var/notes', ['a', 'a', 'a', 'b', 'b']);
      write(store);
    },
  });
  return { files, bundle: await openBundle(files) };
}

test.each([2, 3] as const)(
  'symbols are taken where the index has accession numbers (Zarr v%i)',
  async (format) => {
    for (const write of [
      (store: StoreBuilder) => store.texts('var/Feature_Name', UNIQUE),
      (store: StoreBuilder) => maskedTexts(store, 'var/Feature_Name', UNIQUE),
      (store: StoreBuilder) =>
        categorical(store, 'var/Feature_Name', Int8Array.of(1, 0, -1, 2, 3), [
          'ACTB',
          'CD3D',
          'GAPDH',
          'MS4A1',
        ]),
    ]) {
      const { bundle } = await opened('Feature_Name', write, format);
      const genes = await bundle.genes();
      expect(genes).toEqual({ names: ['CD3D', 'ACTB', IDS[2], 'GAPDH', 'MS4A1'], ids: IDS });
    }
  },
);

test('the column that a store names is taken as it is, repeated names numbered', async () => {
  const { bundle } = await opened('any', (store) => {
    store.texts('var/any', SYMBOLS).scalar('uns/cellucid/defaults/geneIdColumn', 'any');
  });
  expect(await bundle.genes()).toEqual({ names: LABELS, ids: IDS });
});

test('the index stays where it has names, no column fits, or the store says so', async () => {
  const notNearlyUnique = await opened('symbol', (store) =>
    store.texts('var/symbol', ['a', 'a', 'a', 'a', 'b']),
  );
  expect(await notNearlyUnique.bundle.genes()).toEqual({ names: IDS, ids: null });
  const named = await opened('symbol', (store) => {
    store.texts('var/symbol', UNIQUE).texts('var/_index', ['a', 'b', 'c', 'd', 'e']);
  });
  expect(await named.bundle.genes()).toEqual({ names: ['a', 'b', 'c', 'd', 'e'], ids: null });
  expect(chunksOf(named.files.asked).filter((path) => path.startsWith('var/symbol'))).toEqual([]);
  const said = await opened('symbol', (store) => {
    store.texts('var/symbol', UNIQUE);
    store.group('var', {
      ...{ 'encoding-type': 'dataframe', 'encoding-version': '0.2.0', _index: '_index' },
      ...{ 'column-order': ['notes', 'symbol'], 'gene-names': 'index' },
    });
  });
  expect(await said.bundle.genes()).toEqual({ names: IDS, ids: null });
  const numbers = await opened('gene_name', (store) =>
    store.array('var/gene_name', Int32Array.of(5, 4, 3, 2, 1)),
  );
  expect(await numbers.bundle.genes()).toEqual({ names: IDS, ids: null });
});

test('the rule is the exporter’s', () => {
  const numbers = Array.from({ length: 80 }, (_, at) => `ENSMUSG${String(at).padStart(11, '0')}.3`);
  expect(areAccessions(numbers)).toBe(true);
  expect(areAccessions([...numbers, ...Array.from({ length: 20 }, (_, at) => `ERCC-${at}`)])).toBe(true);
  expect(areAccessions([...numbers, ...Array.from({ length: 21 }, (_, at) => `SYM${at}`)])).toBe(false);
  expect(areAccessions([])).toBe(false);
  expect(
    areAccessions(['7157', 'FBgn0031208', 'WBGene00022277', 'HGNC:11998', 'GRCh38_ENSG00000243485']),
  ).toBe(true);
  expect(areAccessions(['CD3D', 'Y_RNA', 'ENSA', '7SK', 'AC007325.4'])).toBe(false);
  const symbols = Array.from({ length: 100 }, (_, at) => `SYM${at}`);
  expect(areSymbols([...symbols.slice(0, 92), ...new Array<string>(8).fill('Y_RNA')])).toBe(true);
  expect(areSymbols([...symbols.slice(0, 80), ...new Array<string>(20).fill('Y_RNA')])).toBe(false);
  expect(areSymbols([...symbols.slice(0, 45), ...new Array<string>(55).fill('')])).toBe(false);
  expect(areSymbols(numbers)).toBe(false);
});
