import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { anndataStore } from '../anndata_fixture';
import { json, type MapFiles } from '../map_files';

const GROUPS = ['B', 'T'];
const ENTRY = 'uns/rank_genes_groups';
const NAMES = [
  ['Actb', '../x'],
  ['absent', '__proto__'],
  ['nan', 'ü😀'],
];
const SCORES = [
  [3, 9],
  [2, 8],
  [1, NaN],
];
const LETTERS = 9;

/** Records of texts, four bytes a letter, or of numbers, cut into chunks of two. */
function chunksOf(rows: readonly (readonly (string | number)[])[]): Buffer[] {
  const isText = typeof rows[0][0] === 'string';
  const width = isText ? 4 * LETTERS : 4;
  return [rows.slice(0, 2), rows.slice(2)].map((some) => {
    const bytes = Buffer.alloc(2 * GROUPS.length * width);
    some.flat().forEach((value, at) => {
      if (typeof value === 'number') bytes.writeFloatLE(value, at * width);
      else [...value].forEach((letter, n) => bytes.writeUInt32LE(letter.codePointAt(0)!, at * width + 4 * n));
    });
    return deflateSync(bytes);
  });
}

function withMarkers(format: 2 | 3, change: (files: MapFiles) => void = () => {}): MapFiles {
  const bundle = anndataStore({
    format,
    more: (store) => {
      for (const group of [ENTRY, `${ENTRY}/params`]) store.group(group, { 'encoding-type': 'dict' });
      store.scalar(`${ENTRY}/params/groupby`, 'type').scalar(`${ENTRY}/params/method`, 't-test');
      store.scalar(`${ENTRY}/params/reference`, 'rest');
    },
  });
  const { files } = bundle;
  const root = format === 2 ? '.zmetadata' : 'zarr.json';
  const document = JSON.parse(new TextDecoder().decode(files.get(root))) as {
    metadata: Record<string, unknown>;
    consolidated_metadata: { metadata: Record<string, unknown> };
  };
  const tables = { names: NAMES, scores: SCORES };
  for (const [name, rows] of Object.entries(tables)) {
    const isText = name === 'names';
    const path = `${ENTRY}/${name}`;
    if (format === 2) {
      document.metadata[`${path}/.zarray`] = {
        zarr_format: 2,
        shape: [3],
        chunks: [2],
        dtype: GROUPS.map((group) => [group, isText ? `<U${LETTERS}` : '<f4']),
        filters: null,
        compressor: { id: 'zlib', level: 1 },
      };
    } else {
      const text = { name: 'fixed_length_utf32', configuration: { length_bytes: 4 * LETTERS } };
      document.consolidated_metadata.metadata[path] = {
        zarr_format: 3,
        node_type: 'array',
        shape: [3],
        data_type: {
          name: 'structured',
          configuration: { fields: GROUPS.map((group) => [group, isText ? text : 'float32']) },
        },
        chunk_grid: { name: 'regular', configuration: { chunk_shape: [2] } },
        codecs: [{ name: 'bytes' }, { name: 'numcodecs.zlib', configuration: { level: 1 } }],
      };
    }
    chunksOf(rows).forEach((bytes, at) =>
      files.set(format === 2 ? `${path}/${at}` : `${path}/c/${at}`, new Uint8Array(bytes)),
    );
  }
  files.set(root, json(document));
  change(bundle);
  return bundle;
}

describe.each([2, 3] as const)('a store of Zarr v%i', (format) => {
  test('shows the markers in uns', async () => {
    const bundle = withMarkers(format);
    const { statistics } = await openBundle(bundle);
    const [grouping] = statistics!.groupings;
    expect(grouping).toMatchObject({ column: 'type', categories: GROUPS, tables: null });
    expect(grouping.file).toMatchObject({ key: 'rank_genes_groups', method: 't-test', reference: 'rest' });
    const ranking = await statistics!.ranking(0, 0);
    // The third has no name, and the second is not in the store.
    expect([...ranking.genes]).toEqual([0, 5]);
    expect([...ranking.score]).toEqual([3, 2]);
    expect(ranking.pValue).toBeNull();
    const other = await statistics!.ranking(0, 1);
    expect([...other.genes]).toEqual([2, 1, 6]);
    expect(await statistics!.others(0)).toEqual(['absent', 'ü😀']);
  });

  test('asks for chunks when somebody looks', async () => {
    const bundle = withMarkers(format);
    const { statistics } = await openBundle(bundle);
    expect(bundle.asked.filter((path) => /(names|scores)\//.test(path))).toEqual([]);
    const [first] = await statistics!.best(0);
    expect(first).toMatchObject({ group: 0, genes: [0, 5], scores: [3, 2], logFoldChanges: [null, null] });
  });

  test('says that a chunk is damaged', async () => {
    const bundle = withMarkers(format, ({ files }) => {
      const key = `${ENTRY}/scores/${format === 2 ? '' : 'c/'}1`;
      files.set(key, new Uint8Array(deflateSync(Buffer.alloc(3))));
    });
    const { statistics } = await openBundle(bundle);
    await expect(statistics!.ranking(0, 0)).rejects.toThrow('must hold 16 bytes, but holds 3');
  });
});

test('markers of another encoding are passed over', async () => {
  const bundle = withMarkers(2, ({ files }) => {
    const text = new TextDecoder().decode(files.get('.zmetadata'));
    files.set('.zmetadata', new TextEncoder().encode(text.replaceAll('<U9', '|O')));
  });
  expect((await openBundle(bundle)).statistics).toBeNull();
});
