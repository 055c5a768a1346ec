import { describe, expect, test } from 'vitest';
import type { Bundle } from '../../src/bundle/bundle';
import { MARKS } from '../../src/bundle/formats/registry';
import { openBundle } from '../../src/bundle/open';
import { openZip } from '../../src/bytes/zip/zip';
import { followLink } from '../../src/state/link/link';
import { Session } from '../../src/state/session';
import { told } from '../cell_value';
import {
  anndataStore,
  categorical,
  frame,
  chunksOf,
  EXPRESSION,
  HOSTILE_COLUMNS,
  maskedTexts,
  STORE_GENES,
} from '../anndata_fixture';
import type { StoreBuilder } from '../zarr_fixture';
import { zipOf } from '../zip_fixture';

const LABELS = ['Actb', '__proto__', '../x', 'Actb-1', 'unnamed-4'];

function columnNamed({ columns }: Bundle, name: string): number {
  return columns.findIndex((column) => column.name === name);
}

describe.each([2, 3] as const)('an AnnData in a Zarr store of format %i', (format) => {
  test('is described by its consolidated metadata', async () => {
    const files = anndataStore({ format });
    const bundle = await openBundle(files, { mark: '.zmetadata' });
    expect(chunksOf(files.asked)).toEqual([format === 2 ? 'uns/title/0' : 'uns/title/c']);
    expect([bundle.format, bundle.name, bundle.nCells, bundle.nGenes]).toEqual([
      `AnnData (Zarr v${format})`,
      'Four cells',
      4,
      5,
    ]);
    expect(bundle.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['type', 'category'],
      ['n', 'number'],
      ['score', 'number'],
      ['ok', 'bool'],
      ['maybe', 'bool'],
      ['count', 'number'],
      ['note', 'string'],
      ...HOSTILE_COLUMNS.map((name) => [name, 'category']),
    ]);
    expect(bundle.embeddings.map(({ key, dims, yAxis }) => [key, dims, yAxis])).toEqual([
      ['X_umap', 2, 'up'],
      ['spatial', 2, 'down'],
    ]);
    expect(bundle.vectors).toMatchObject([{ key: 'velocity_umap', label: 'Velocity', embedding: 0 }]);
    expect(bundle.graph).toEqual({ label: 'connectivities', nEdges: 3 });
    expect(bundle.notes).toEqual([]);
    expect(await bundle.ids.get(3)).toBe('<i>c3');
  });

  test('shows names that could be no paths of the store', async () => {
    const about = { 'encoding-type': 'dict', 'encoding-version': '0.1.0' };
    const more = (store: StoreBuilder) => {
      store.group('obs', {
        'encoding-type': 'dataframe',
        'encoding-version': '0.2.0',
        _index: '_index',
        'column-order': ['rna%3Aleiden'],
        'original-names': { 'rna%3Aleiden': 'rna:leiden' },
      });
      categorical(store, 'obs/rna%3Aleiden', Int8Array.of(1, -1, 0, 1), ['B', 'T']);
      store.group('uns', { ...about, 'original-names': { 'rna%3Aleiden_colors': 'rna:leiden_colors' } });
      store.texts('uns/rna%3Aleiden_colors', ['#112233', '#445566']);
      store.group('obsm', { ...about, 'original-names': { 'X_rna%3Aumap': 'X_rna:umap' } });
      store.array('obsm/X_rna%3Aumap', new Float32Array(8), { shape: [4, 2] });
    };
    const bundle = await openBundle(anndataStore({ format, more }));
    expect(bundle.columns.map(({ name }) => name)).toEqual(['rna:leiden']);
    await bundle.column(0);
    expect(bundle.columns[0]).toMatchObject({ colors: ['#112233', '#445566'] });
    const found = bundle.embeddings.find(({ key }) => key === 'X_rna%3Aumap');
    expect(found).toMatchObject({ label: 'rna:umap', source: 'obsm:X_rna:umap' });
  });

  test('gives the values of every kind of column', async () => {
    const bundle = await openBundle(anndataStore({ format }));
    const values = async (name: string) => bundle.column(columnNamed(bundle, name));
    expect(await values('type')).toEqual({ kind: 'codes', codes: Uint8Array.of(1, 255, 0, 1), missing: 255 });
    expect(await values('n')).toEqual({ kind: 'numbers', values: Float64Array.of(1, -2, 3, 2 ** 40) });
    expect(await values('score')).toEqual({ kind: 'numbers', values: Float32Array.of(0.1, NaN, -1, 2) });
    expect(await values('ok')).toEqual({ kind: 'codes', codes: Uint8Array.of(1, 0, 0, 1), missing: 255 });
    expect(await values('maybe')).toEqual({
      kind: 'codes',
      codes: Uint8Array.of(1, 0, 255, 1),
      missing: 255,
    });
    expect(await values('count')).toEqual({ kind: 'numbers', values: Float64Array.of(7, 8, NaN, 9) });
  });

  test('gives names and categories that have a mask', async () => {
    const more = (store: StoreBuilder) => {
      maskedTexts(store, 'obs/_index', ['c0', 'c1', 'c2', 'c3']);
      maskedTexts(store, 'var/_index', STORE_GENES);
      maskedTexts(store, 'obs/type/categories', ['B', 'T']);
      maskedTexts(store, 'obs/note', ['a', '', 'ü', 'é']);
    };
    const bundle = await openBundle(anndataStore({ format, more }));
    expect([bundle.nCells, bundle.nGenes, await bundle.ids.get(3)]).toEqual([4, 5, 'c3']);
    expect((await bundle.genes()).names).toEqual(LABELS);
    const type = columnNamed(bundle, 'type');
    await bundle.column(type);
    expect(bundle.columns[type]).toMatchObject({ kind: 'category', categories: ['B', 'T'] });
    expect(await bundle.texts(columnNamed(bundle, 'note')).get(3)).toBe('é');
  });

  test('tells the values of one cell', async () => {
    const bundle = await openBundle(anndataStore({ format }));
    const values = await Promise.all(bundle.columns.slice(0, 7).map((_, column) => told(bundle, column, 2)));
    expect(values).toEqual(['B', '3', '-1', 'false', '—', '—', 'ü']);
    expect([await told(bundle, 0, 1), await told(bundle, 2, 1)]).toEqual(['—', '—']);
    const note = bundle.texts(columnNamed(bundle, 'note'));
    expect([note.known(2), note.nbytes(2)]).toEqual(['ü', 0]);
  });

  test('with names that no path bears is read all the same', async () => {
    const bundle = await openBundle(anndataStore({ format }));
    for (const [at, name] of HOSTILE_COLUMNS.entries()) {
      const column = columnNamed(bundle, name);
      expect(await bundle.column(column)).toMatchObject({ codes: Uint8Array.of(at % 2, 0, 1, 0) });
      expect(bundle.columns[column]).toMatchObject({ name, categories: [`${name} x`, 'y'] });
    }
  });

  test.each(['csc', 'dense', ...(format === 3 ? ['sharded' as const] : [])] as const)(
    'gives its genes, X being %s',
    async (x) => {
      const bundle = await openBundle(anndataStore({ format, x }));
      expect((await bundle.genes()).names).toEqual(LABELS);
      for (const gene of STORE_GENES.keys())
        expect(await bundle.expression(gene)).toEqual(Float32Array.from(EXPRESSION, (row) => row[gene]));
    },
  );

  test('reads the chunks of a gene, and those once', async () => {
    const files = anndataStore({ format });
    const bundle = await openBundle(files);
    await bundle.genes();
    const before = files.asked.length;
    await bundle.expression(4);
    // Values 4 to 7 of 8, in chunks of three.
    const c = format === 2 ? '' : 'c/';
    expect(files.asked.slice(before).sort()).toEqual(
      ['data', 'indices'].flatMap((part) => [1, 2].map((chunk) => `X/${part}/${c}${chunk}`)),
    );
    await bundle.expression(4);
    await bundle.expression(2);
    await bundle.expression(3);
    expect(files.asked.length).toBe(before + 4);
  });

  test('moves places to the middle, where float32 is fine enough', async () => {
    const bundle = await openBundle(anndataStore({ format }));
    expect(await bundle.coordinates(0)).toEqual(Float32Array.of(-5, -2, 5, 2, -3, 0, NaN, NaN));
    expect(bundle.embeddings[0]).toMatchObject({ origin: [5, 2], minimum: [0, 0], maximum: [10, 4] });
    const shares: number[] = [];
    const tissue = await bundle.coordinates(1, (share) => shares.push(share));
    expect([...tissue].slice(0, 4)).toEqual([-0.125, -1.5, 0.125, -0.5]);
    expect(bundle.embeddings[1].origin).toEqual([1e6 + 0.125, 6.5]);
    expect(shares.at(-1)).toBe(1);
  });

  test('gives edges once, and vectors', async () => {
    const bundle = await openBundle(anndataStore({ format }));
    const { sources, targets } = await bundle.edges();
    expect([[...sources], [...targets]]).toEqual([
      [0, 0, 2],
      [1, 2, 3],
    ]);
    expect(await bundle.vector(0)).toEqual(Float32Array.of(1, 0, 0, 1, -1, 0, 0, 0));
  });

  test.each(['csr_matrix', 'csc_matrix'] as const)(
    'gives edges of either half once, in a %s',
    async (encoding) => {
      // Against Python: {(min(i, j), max(i, j)) for i, j in zip(*scipy.sparse.coo_matrix(graph).coords) if i != j}.
      const graph = [
        [5, 0, 1, 0],
        [1, 0, 0, 0],
        [1, 0, 0, 0],
        [0, 1, 1, 7],
      ];
      const more = (store: StoreBuilder) =>
        void store
          .drop('obsp/connectivities')
          .drop('obsp/connectivities/data')
          .drop('obsp/connectivities/indices')
          .drop('obsp/connectivities/indptr')
          .sparse('obsp/connectivities', encoding, [4, 4], graph, 99);
      const { sources, targets } = await (await openBundle(anndataStore({ format, more }))).edges();
      expect([[...sources], [...targets]]).toEqual([
        [0, 0, 1, 2],
        [1, 2, 3, 3],
      ]);
    },
  );

  test('opens from a zip', async () => {
    const { files } = anndataStore({ format });
    const zipped = zipOf(Object.fromEntries(files), { method: 0 });
    const bundle = await openBundle(await openZip(zipped, 'x.zarr.zip', MARKS));
    expect(bundle.name).toBe('Four cells');
    expect(await bundle.expression(0)).toEqual(Float32Array.of(0, 2, 0, 4));
  });

  test('takes its colours from uns where there is one for each category', async () => {
    const files = anndataStore({
      format,
      more: (store) =>
        void store
          .texts('uns/type_colors', ['#ff0000', '#00FF00FF'])
          .texts('uns/<b>_colors', ['red', 'blue']),
    });
    const bundle = await openBundle(files);
    for (const name of ['type', '<b>']) await bundle.column(columnNamed(bundle, name));
    expect(bundle.columns[0]).toMatchObject({ colors: ['#ff0000', '#00ff00'] });
    expect(bundle.columns[columnNamed(bundle, '<b>')]).toMatchObject({ colors: null });
  });
});

describe('what a store is shown with first', () => {
  const keys = async (more: (store: StoreBuilder) => unknown) => {
    const { embeddings } = await openBundle(anndataStore({ more }));
    return embeddings.map(({ key, dims, source }) => `${key} ${dims} ${source}`);
  };
  const places = (width: number) =>
    [new Float32Array(4 * width), { shape: [4, width] }] as [Float32Array, { shape: number[] }];

  test('is its UMAPs of each dimension', async () => {
    const found = await keys((store) =>
      store.array('obsm/X_umap_2d', ...places(2)).array('obsm/X_umap_3d', ...places(3)),
    );
    expect(found.slice(0, 2)).toEqual(['X_umap_3d 3 obsm:X_umap_3d', 'X_umap_2d 2 obsm:X_umap_2d']);
    expect(found).toHaveLength(4);
  });

  test('is what its defaults name, with columns of their own', async () => {
    const files = anndataStore({
      more: (store) => {
        const at = 'uns/cellucid/defaults';
        for (const group of ['uns/cellucid', at, `${at}/embedding3d`]) store.group(group, {});
        store.scalar(`${at}/embedding2d`, 'spatial').scalar(`${at}/embedding3d/key`, 'X_pca');
        store.array(`${at}/embedding3d/columns`, Int32Array.of(3, 1, 0));
        store.scalar('uns/cellucid/name', 'By Cellucid');
      },
    });
    const bundle = await openBundle(files);
    expect(bundle.name).toBe('By Cellucid');
    expect(bundle.embeddings.map(({ key, dims }) => `${key} ${dims}`)).toEqual([
      'X_pca 3',
      'spatial 2',
      'X_umap 2',
    ]);
    await bundle.coordinates(0);
    expect(bundle.embeddings[0].maximum).toEqual([15, 13, 12]);
  });

  test('is found whatever the case and without X_, and a vector field by its word for movement', async () => {
    const files = anndataStore({
      more: (store) => {
        store.drop('obsm/X_umap').drop('obsm/spatial').drop('obsm/velocity_umap');
        for (const key of ['TSNE', 'scvi_umap', 'Velocity_UMAP', 'UMAP', 'X_spatial', 'X_pca_spatial'])
          store.array(`obsm/${key}`, ...places(2));
      },
    });
    const { embeddings, vectors } = await openBundle(files);
    expect(embeddings.map(({ key, yAxis }) => `${key} ${yAxis}`)).toEqual([
      'UMAP up',
      'scvi_umap up',
      'TSNE up',
      'X_pca_spatial up',
      'X_spatial down',
    ]);
    expect(vectors).toMatchObject([{ key: 'Velocity_UMAP', label: 'Velocity', embedding: 0 }]);
  });

  test('is the first two columns of what is wide, where nothing else is there', async () => {
    const found = await keys((store) =>
      store.drop('obsm/X_umap').drop('obsm/spatial').drop('obsm/velocity_umap'),
    );
    expect(found).toEqual(['X_pca 2 obsm:X_pca']);
  });

  test('may be a link that hides categories whose names come with the column', async () => {
    const session = new Session(await openBundle(anndataStore()));
    await followLink(session, `hidden=${encodeURIComponent('[["type",["T"]]]')}&gene=__proto__`);
    expect([...session.filters.hidden.peek()]).toEqual([[0, new Set([1])]]);
    expect(session.colouring.current.peek().label).toBe('__proto__');
  });
});

test('a column with thousands of categories is one of categories', async () => {
  const labels = Array.from({ length: 5000 }, (_, code) => `c${code}`);
  const files = anndataStore({
    more: (store) => categorical(store, 'obs/type', Int16Array.of(4999, -1, 0, 1), labels),
  });
  const bundle = await openBundle(files);
  expect(bundle.columns[0].kind).toBe('category');
  expect([await told(bundle, 0, 0), await told(bundle, 0, 1)]).toEqual(['c4999', '—']);
});

test('a column with more names than categories may have is told cell by cell', async () => {
  const labels = Array.from({ length: 1000 }, (_, code) => `c${code}`);
  const more = (store: StoreBuilder) => {
    categorical(store, 'obs/type', Int16Array.of(300, -1, 0, 1), []);
    store.texts('obs/type/categories', labels, 1000, 2 ** 20 + 1);
  };
  const bundle = await openBundle(anndataStore({ more }));
  expect(bundle.columns[0].kind).toBe('string');
  const texts = bundle.texts(0);
  expect(texts.nbytes(0)).toBe(null);
  expect([await texts.get(0), await texts.get(1), texts.known(0), texts.known(2)]).toEqual([
    'c300',
    null,
    'c300',
    undefined,
  ]);
});

test('texts with a mask are missing where it says so', async () => {
  const more = (store: StoreBuilder) => {
    maskedTexts(store, 'obs/note', ['a', '', 'ü', 'é']);
    store.array('obs/note/mask', Uint8Array.of(0, 1, 0, 0));
  };
  const bundle = await openBundle(anndataStore({ more }));
  const note = bundle.texts(columnNamed(bundle, 'note'));
  expect([await note.get(0), await note.get(1), note.known(2)]).toEqual(['a', null, 'ü']);
});

test.each([
  ['https://host/', 'AnnData'],
  ['https://host/a%20b/pbmc%203k.zarr/', 'pbmc 3k'],
  ['the folder “data/pbmc.zarr”', 'pbmc'],
  ['the file “https://host/x.zarr.zip”', 'x'],
  ['https://host/100%.zarr/', '100%'],
])('a store without a title at %s is called %s', async (where, name) => {
  const files = anndataStore({ more: (store) => store.drop('uns/title') });
  expect((await openBundle(Object.assign(files, { where }))).name).toBe(name);
});

describe.each([2, 3] as const)('what holds nothing, in Zarr v%i', (format) => {
  test('is read as nothing', async () => {
    const empty = (store: StoreBuilder) => {
      frame(store, 'obs', ['none', 'type']);
      categorical(store, 'obs/none', new Int8Array(4).fill(-1), []);
      frame(store, 'var', []);
      store.texts('var/_index', [], 1);
      store.sparse('X', 'csc_matrix', [4, 0], [[]], 1).drop('X/data').drop('X/indices').drop('X/indptr');
      store.array('X/data', new Float32Array(0), { chunks: [1], attributes: {} });
      store.array('X/indices', new Int32Array(0), { chunks: [1], attributes: {} });
      store.array('X/indptr', Int32Array.of(0), { attributes: {} });
      store.array('obsp/connectivities/indices', new Int32Array(0), { chunks: [1], attributes: {} });
      store.array('obsp/connectivities/indptr', new Int32Array(5), { attributes: {} });
    };
    const bundle = await openBundle(anndataStore({ format, x: 'none', more: empty }));
    expect(bundle.columns[0]).toMatchObject({ kind: 'category', categories: [] });
    expect(await bundle.column(0)).toMatchObject({ kind: 'codes', missing: 255 });
    expect(await told(bundle, 0, 1)).toBe('—');
    expect((await bundle.genes()).names).toEqual([]);
    expect((await bundle.edges()).sources).toHaveLength(0);
  });
});
