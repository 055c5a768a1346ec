import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { missingTables, sharesAlone, testFacts } from '../../src/state/markers/facts';
import { loadTable } from '../../src/state/markers/table';
import { Session } from '../../src/state/session';
import { anndataStore, frame } from '../anndata_fixture';
import { json, type MapFiles } from '../map_files';
import type { StoreBuilder } from '../zarr_fixture';

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

function withMarkers(
  format: 2 | 3,
  change: (files: MapFiles) => void = () => {},
  more: (store: StoreBuilder) => unknown = () => {},
): MapFiles {
  const bundle = anndataStore({
    format,
    more: (store) => {
      for (const group of [ENTRY, `${ENTRY}/params`]) store.group(group, { 'encoding-type': 'dict' });
      store.scalar(`${ENTRY}/params/groupby`, 'type').scalar(`${ENTRY}/params/method`, 't-test');
      store.scalar(`${ENTRY}/params/reference`, 'rest');
      more(store);
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

  test('numbers genes that it lacks in the order of the groups, whichever is read first', async () => {
    const bundle = withMarkers(format);
    const get = bundle.get.bind(bundle);
    let isFirst = true;
    bundle.get = async (path, options) => {
      const bytes = await get(path, options);
      if (isFirst && path.includes('/names/')) {
        isFirst = false;
        await new Promise((done) => setTimeout(done, 50));
      }
      return bytes;
    };
    const { statistics } = await openBundle(bundle);
    expect((await statistics!.best(0)).map(({ genes }) => genes)).toEqual([
      [0, 5],
      [2, 1, 6],
    ]);
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

/** A data frame of genes × groups, two genes in a chunk. */
function genesFrame(store: StoreBuilder, path: string, names: string[], columns: Record<string, number[]>) {
  frame(store, path, Object.keys(columns));
  store.texts(`${path}/_index`, names);
  for (const [group, values] of Object.entries(columns))
    store.array(`${path}/${group}`, Float64Array.from(values), { chunks: [2] });
}

const GENES = ['Actb', '__proto__', '../x', 'Actb-1', ''];
const MEANS = { B: [1, 2, 3, 4, 5], T: [5, 0, 3, 2, 1] };
const SHARES = { B: [0.1, 0.2, 0.3, 0.4, 0.5], T: [1, 0, 0.5, 0.5, 0.25] };
const PTS = { B: [0.75, 0.5, 0.25], T: [1, 0, 0.125] };

function inVarm(store: StoreBuilder): void {
  store.group('varm', {});
  genesFrame(store, 'varm/means_type', GENES, MEANS);
  genesFrame(store, 'varm/shares_type', GENES, SHARES);
}

/** Of another matrix: other genes, in another order. */
function besideMarkers(store: StoreBuilder): void {
  genesFrame(store, `${ENTRY}/pts`, ['absent', '../x', 'Actb'], PTS);
  genesFrame(store, `${ENTRY}/pts_rest`, ['absent', '../x', 'Actb'], { B: [0, 0.5, 1], T: [1, 1, 0] });
}

describe.each([2, 3] as const)('means and shares in a store of Zarr v%i', (format) => {
  const open = async (more: (store: StoreBuilder) => unknown) => {
    const bundle = withMarkers(format, undefined, more);
    const opened = await openBundle(bundle);
    return { asked: bundle.asked, opened, statistics: opened.statistics! };
  };

  test('are those of varm, from the chunks of the wanted genes alone', async () => {
    const { asked, statistics } = await open(inVarm);
    expect(statistics.groupings.map(({ tables }) => tables)).toEqual([1, 1]);
    expect(statistics.groupings[1]).toMatchObject({ hasMeans: true, isBesideMarkers: true, nCells: null });
    expect(asked.filter((path) => path.startsWith('varm/'))).toEqual([]);
    expect([...(await statistics.rows('means', 1, [4, 0]))]).toEqual([5, 1, 1, 5]);
    const chunks = asked.filter((path) => path.startsWith('varm/'));
    const at = (group: string, chunk: number) =>
      `varm/means_type/${group}/${format === 2 ? '' : 'c/'}${chunk}`;
    expect(chunks.sort()).toEqual([at('B', 0), at('B', 2), at('T', 0), at('T', 2)]);
    expect([...(await statistics.rows('shares', 1, [3]))]).toEqual([Math.fround(0.4), 0.5]);
    expect([...(await statistics.column('means', 1, 1))]).toEqual(MEANS.T);
    const runs: number[][] = [];
    await statistics.each(['means'], 1, (start, [table]) => runs.push([start, ...table]));
    expect(runs).toEqual([[0, 1, 5, 2, 0, 3, 3, 4, 2, 5, 1]]);
  });

  test('are drawn as in a bundle', async () => {
    const { opened, statistics } = await open(inVarm);
    const { markers } = new Session(opened);
    await markers.loadPlot();
    expect(markers.plot.value).toMatchObject({ grouping: 1, genes: [0, 2, 1], nGroups: 2 });
    expect([...markers.plot.value!.means!]).toEqual([1, 5, 3, 3, 2, 0]);
    const table = await loadTable(statistics, 0, 0);
    // The second gene is not in the store.
    expect(table.columns.map(({ key, values }) => [key, ...values])).toEqual([
      ['score', 3, 2],
      ['share', Math.fround(0.1), NaN],
      ['mean', 1, NaN],
    ]);
  });

  test('are the shares beside markers if there is nothing else, by the names of genes', async () => {
    const { opened, statistics } = await open(besideMarkers);
    expect(statistics.groupings[1]).toMatchObject({ hasMeans: false, isBesideMarkers: true });
    expect(sharesAlone(statistics.groupings[1])).toContain('--group-by “type”');
    const { markers } = new Session(opened);
    await markers.loadPlot();
    expect(markers.plot.value).toMatchObject({ genes: [0, 2, 1], means: null });
    expect([...markers.plot.value!.shares]).toEqual([0.25, 0.125, 0.5, 0, NaN, NaN]);
    expect([...(await statistics.column('shares', 1, 0))]).toEqual([0.25, NaN, 0.5, NaN, NaN]);
    const table = await loadTable(statistics, 0, 0);
    expect(table.columns.map(({ key, values }) => [key, ...values])).toEqual([
      ['score', 3, 2],
      ['share', 0.25, 0.75],
      ['share_outside', 1, 0],
    ]);
  });

  test('are passed over if they do not fit the genes', async () => {
    const { statistics } = await open((store) => {
      genesFrame(store, 'varm/means_type', GENES.slice(1), { B: [1, 2, 3, 4] });
      genesFrame(store, 'varm/shares_type', GENES.slice(1), { B: [1, 2, 3, 4] });
    });
    expect(statistics.groupings.map(({ tables }) => tables)).toEqual([null]);
    expect(missingTables(statistics, 'type', false)).toBe(
      'This store has no means and shares by type, only markers. ' +
        'Write it with --format anndata --group-by “type” to see them.',
    );
  });
});

test('means and shares without markers are a choice of their own', async () => {
  const { statistics } = await openBundle(anndataStore({ more: inVarm }));
  expect(statistics!.groupings).toMatchObject([{ column: 'type', isBesideMarkers: false, tables: 0 }]);
  expect(testFacts(statistics!, statistics!.groupings[0], 0)).toEqual([
    'Means and shares of “B”, as the store has them in varm.',
  ]);
  const table = await loadTable(statistics!, 0, 1);
  expect(table.columns.map(({ key }) => key)).toEqual(['share', 'mean']);
});
