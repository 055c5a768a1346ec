import { describe, expect, it } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { extremesOf } from '../../src/state/markers/loadings';
import { gzip, json, toBytes } from '../map_files';
import { streamBundle } from '../stream_fixture';

const SETS = [
  { name: 'cycle', source: 'a.gmt', genes: [2, 0], n_not_exported: 3, n_missing: 1, column: 'n_counts' },
  { name: 'none', source: 'uns:net', genes: [], n_not_exported: 0, n_missing: 2 },
];
const PART = { path: 'v/pcs.gz', start: 0, end: 4, size_bytes: 9 };

function bundle(sets: unknown = SETS, parts = [PART], nSets = 2) {
  const made = streamBundle((atlas) => {
    atlas.gene_sets = { path: 's/sets.json.gz', size_bytes: 9, n_sets: nSets };
    atlas.varm = [{ key: 'PCs', dtype: 'float32', n_columns: 2, parts }];
  });
  made.files.set('s/sets.json.gz', gzip(json({ sets })));
  made.files.set('v/pcs.gz', gzip(toBytes(Float32Array.of(1, 0, -2, 0, 0.5, 0, Number.NaN, 3))));
  return openBundle(made);
}

describe('gene sets and loadings of a stream layer', () => {
  it('reads the sets', async () => {
    const opened = await bundle();
    expect(opened.geneFacts?.hasSets).toBe(true);
    const [first, second] = await opened.geneFacts!.sets();
    const column = opened.columns.findIndex(({ name }) => name === 'n_counts');
    expect(first).toEqual({
      name: 'cycle',
      source: 'a.gmt',
      genes: [2, 0],
      nNotExported: 3,
      nMissing: 1,
      column: column < 0 ? null : column,
    });
    expect(second.column).toBeNull();
  });

  it('reads loadings, and finds the genes at both ends', async () => {
    const opened = await bundle();
    expect(opened.geneFacts?.loadings).toEqual([{ key: 'PCs', nColumns: 2 }]);
    const values = await opened.geneFacts!.loading(0);
    expect(extremesOf(values, 2, 0, 1)).toEqual({ highest: [[0, 1]], lowest: [[1, -2]] });
    expect(extremesOf(values, 2, 1, 5)).toEqual({ highest: [[3, 3]], lowest: [] });
  });

  it.each([
    [[{ ...SETS[0], genes: [4] }], 1, 'gene'],
    [SETS, 3, 'has 2 gene sets, not 3'],
    [[{ name: 'a' }], 1, 'sets.json'],
  ])('refuses sets that do not fit', async (sets, nSets, said) => {
    const opened = await bundle(sets, [PART], nSets);
    await expect(opened.geneFacts!.sets()).rejects.toThrow(said);
  });

  it('refuses loadings of other genes', async () => {
    await expect(bundle(SETS, [{ ...PART, end: 3 }])).rejects.toThrow('the parts end at gene 3 of 4');
  });
});
