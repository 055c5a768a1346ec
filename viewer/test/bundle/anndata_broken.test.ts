import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { anndataStore } from '../anndata_fixture';
import { json, MapFiles, text } from '../map_files';
import type { Json, StoreBuilder } from '../zarr_fixture';

type More = (store: StoreBuilder) => unknown;

async function message(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toHaveProperty('name', expect.stringMatching(/^(ViewerError|FileMissingError)$/));
  return (error as Error).message;
}

describe('a store that a page cannot read a gene of is refused before its X is', () => {
  test('cell after cell', async () => {
    const files = anndataStore({ x: 'csr' });
    expect(await message(openBundle(files))).toMatch(/X in memory is stored by cells \(CSR\)/);
    expect(files.asked.filter((path) => path.startsWith('X/'))).toEqual([]);
  });

  test.each<[string, More, RegExp]>([
    [
      'in chunks that are nearly all of it',
      (store) =>
        ['X/data', 'X/indices'].forEach((path) => store.say(path, { shape: [2 ** 30], chunks: [2 ** 25] })),
      /CSC\), but in chunks of 128 MiB/,
    ],
    [
      'dense, in many rows of chunks',
      (store) =>
        store
          .drop('X')
          .array('X', new Float32Array(20), { shape: [4, 5] })
          .say('X', { shape: [10 ** 6, 10 ** 4], chunks: [1000, 1000] }),
      /dense in chunks of 1000 × 1000/,
    ],
    [
      'packed with what browsers do not know',
      (store) => store.say('X/data', { compressor: { id: 'zstd', level: 0 } }),
      /X\/data in memory is compressed with zstd/,
    ],
    [
      'in another encoding',
      (store) => store.group('X', { 'encoding-type': 'awkward-array' }),
      /“awkward-array”/,
    ],
  ])('%s', async (_, more, wanted) => {
    const files = anndataStore({ more });
    expect(await message(openBundle(files))).toMatch(wanted);
    expect(files.asked.filter((path) => path.startsWith('X/'))).toEqual([]);
  });
});

describe('metadata', () => {
  test('that are not consolidated', async () => {
    const two = anndataStore();
    two.files.delete('.zmetadata');
    expect(await message(openBundle(two))).toMatch(/memory has no consolidated metadata/);
    const three = new MapFiles(
      new Map([['zarr.json', json({ zarr_format: 3, node_type: 'group', attributes: {} })]]),
    );
    expect(await message(openBundle(three))).toMatch(/no consolidated metadata/);
  });

  test.each<[string, unknown, RegExp]>([
    ['of another kind', { metadata: 3 }, /\.zmetadata, at metadata: must be Object, not 3/],
    ['that are a list', { metadata: [] }, /\.zmetadata, at metadata/],
    ['of another group', { metadata: { '.zgroup': { zarr_format: 2 } } }, /no groups obs and var/],
    ['of several modalities', { metadata: { 'mod/.zgroup': {} } }, /several modalities/],
  ])('%s', async (_, document, wanted) => {
    const files = new MapFiles(new Map([['.zmetadata', json(document)]]));
    expect(await message(openBundle(files))).toMatch(wanted);
  });

  test('that are cut short', async () => {
    const files = new MapFiles(new Map([['.zmetadata', text('{"metadata": {')]]));
    expect(await message(openBundle(files))).toMatch(/\.zmetadata is not JSON/);
  });

  test.each<[string, string, Json, RegExp]>([
    ['a shape of texts', 'obs/_index', { shape: ['4'] }, /\.zmetadata \(obs\/_index\), at shape\.0/],
    ['a negative shape', 'obs/_index', { shape: [-4] }, /at shape\.0/],
    ['chunks of nothing', 'obs/_index', { chunks: [0] }, /at chunks\.0/],
    ['chunks of other axes', 'obs/_index', { chunks: [4, 1] }, /an array of 1 axes has chunks of 2 axes/],
    ['an index that is none', 'obs', { _index: 3 }, /\(obs\), at _index/],
    ['columns that are none', 'var', { 'column-order': 'x' }, /\(var\), at column-order/],
  ])('with %s', async (_, path, said, wanted) => {
    expect(await message(openBundle(anndataStore({ more: (store) => store.say(path, said) })))).toMatch(
      wanted,
    );
  });

  test('without coordinates', async () => {
    const more: More = (store) => store.drop('obsm');
    expect(await message(openBundle(anndataStore({ more })))).toMatch(/holds no coordinates/);
  });
});

describe.each([2, 3] as const)('values of format %i', (format) => {
  const gene = async (more: More) => {
    const bundle = await openBundle(anndataStore({ format, more }));
    return message(bundle.expression(4));
  };
  const c = format === 2 ? '' : 'c/';

  test.each<[string, More, RegExp]>([
    [
      'of which a chunk is missing',
      ({ files }) => files.delete(`X/data/${c}1`),
      /The file X\/data\/(c\/)?1 is missing/,
    ],
    [
      'of which a chunk is cut short',
      ({ files }) => files.set(`X/data/${c}1`, files.get(`X/data/${c}1`)!.slice(0, 12)),
      /array X\/data in memory cannot be read: a chunk \(.*\) cannot be decoded/,
    ],
    [
      'of which a chunk is a page',
      ({ files }) => files.set(`X/indices/${c}1`, text('<!doctype html>')),
      /array X\/indices in memory cannot be read/,
    ],
    [
      'of which a chunk has another length',
      ({ files }) => files.set(`X/data/${c}1`, files.get(`X/indptr/${c}0`)!),
      /chunk 1 must hold 3 values, not 6/,
    ],
    [
      'that begin nowhere',
      (store) => store.array('X/indptr', Int32Array.of(0, 2, 3, 2, 4, 8)),
      /is inconsistent: the positions where genes begin/,
    ],
    [
      'of more cells than there are',
      (store) => store.array('X/indices', Int32Array.of(1, 3, 0, 2, 0, 1, 2, 4), { chunks: [3] }),
      /is inconsistent: cell 4 of gene 4/,
    ],
    [
      'in no order',
      (store) => store.array('X/indices', Int32Array.of(1, 3, 0, 2, 1, 0, 2, 3), { chunks: [3] }),
      /is inconsistent: cell 0 of gene 4/,
    ],
    [
      'of fewer genes',
      (store) => store.array('X/indptr', Int32Array.of(0, 2, 8)),
      /X\/indptr in memory must have the shape \(6\), not \(3\)/,
    ],
  ])('%s', async (_, more, wanted) => {
    expect(await gene(more)).toMatch(wanted);
  });

  test('that are the fill value lie in no chunk', async () => {
    const bundle = await openBundle(
      anndataStore({ format, more: ({ files }) => files.delete(`obs/type/codes/${c}0`) }),
    );
    expect(await bundle.column(0)).toMatchObject({ codes: new Uint8Array(4) });
  });

  test('of a category that there is not', async () => {
    const bundle = await openBundle(
      anndataStore({ format, more: (store) => store.array('obs/type/codes', Int8Array.of(0, 1, 2, -1)) }),
    );
    expect(await message(bundle.column(0))).toMatch(
      /cell 2 has the category 2, but “type” has only 2 categories/,
    );
  });

  test('of a graph that leads outside', async () => {
    const more: More = (store) =>
      store.array('obsp/connectivities/indices', Int32Array.of(1, 9, 0, 0, 3, 2), { attributes: {} });
    const bundle = await openBundle(anndataStore({ format, more }));
    expect(await message(bundle.edges())).toMatch(/obsp\/connectivities in memory are damaged/);
  });

  test('of a column in an encoding of another time are left out, and named', async () => {
    const more: More = (store) => store.drop('obs/ok').group('obs/ok', { 'encoding-type': 'rec-array' });
    const bundle = await openBundle(anndataStore({ format, more }));
    expect(bundle.columns.some(({ name }) => name === 'ok')).toBe(false);
    expect(bundle.notes).toEqual([
      'The page cannot show “ok” of obs, because it does not know the encoding.',
    ]);
  });
});

test('a store without X shows everything else', async () => {
  const bundle = await openBundle(anndataStore({ x: 'none' }));
  expect([bundle.nGenes, (await bundle.genes()).names]).toEqual([0, []]);
  expect(bundle.notes).toEqual(['This store has no expression values: its X is empty.']);
  expect(await bundle.column(0)).toMatchObject({ kind: 'codes' });
});
