import { gzip, json, toBytes, type MapFiles } from './map_files';
import { statisticsBundle } from './statistics_fixture';

type Entry = Record<string, unknown>;

/** A bundle with statistics of “__proto__”, and markers of the file for two of its groups and for another column. */
export function markersBundle(change: (entries: Entry[]) => void = () => {}, computed = true): MapFiles {
  const part = (name: string, end: number) => ({ path: `s/${name}`, start: 0, end, size_bytes: 9 });
  const entries: Entry[] = [
    {
      key: 'rank_genes_groups',
      column: '__proto__',
      method: 't-test',
      reference: 'rest',
      params: {
        groupby: '__proto__',
        method: 't-test',
        reference: 'rest',
        use_raw: true,
        corr_method: 'bonferroni',
      },
      columns: [
        { name: 'gene', dtype: 'uint32' },
        { name: 'score', dtype: 'float32' },
        { name: 'p_value', dtype: 'float64' },
      ],
      n_named: 3,
      n_not_exported: 1,
      rankings: [
        { group: 'T', parts: [part('file_0_0.gz', 3)] },
        { group: 'B', parts: [part('file_0_1.gz', 2)] },
      ],
      best: { path: 's/file_0_best.json', size_bytes: 9 },
      other_genes: { path: 's/file_0_other.json', size_bytes: 9 },
    },
    {
      key: 'mine',
      column: null,
      method: null,
      reference: null,
      params: {},
      columns: [
        { name: 'gene', dtype: 'uint32' },
        { name: 'score', dtype: 'float32' },
      ],
      n_named: 1,
      n_not_exported: 0,
      rankings: [{ group: 'x', parts: [part('file_1_0.gz', 1)] }],
      best: { path: 's/file_1_best.json', size_bytes: 9 },
    },
  ];
  change(entries);
  const bundle = statisticsBundle((statistics) => {
    if (!computed) statistics.groupings = [];
  });
  const { files } = bundle;
  const atlas = JSON.parse(new TextDecoder().decode(files.get('atlas.json'))) as Record<string, unknown>;
  atlas.markers_of_file = entries;
  files.set('atlas.json', json(atlas));
  const columns = (...each: ArrayBufferView[]) => gzip(toBytes(Buffer.concat(each.map(toBytes))));
  files.set(
    's/file_0_0.gz',
    columns(Uint32Array.of(4, 2, 0), Float32Array.of(9, 8, 7), Float64Array.of(0, 1e-300, NaN)),
  );
  files.set('s/file_0_1.gz', columns(Uint32Array.of(1, 4), Float32Array.of(3, 2), Float64Array.of(0.5, 1)));
  files.set('s/file_1_0.gz', columns(Uint32Array.of(3), Float32Array.of(1)));
  files.set(
    's/file_0_best.json',
    json({
      groups: [
        { group: 0, genes: [4, 2, 0], scores: [9, 8, 7] },
        { group: 1, genes: [1, 4], scores: [3, 2] },
      ],
    }),
  );
  files.set('s/file_1_best.json', json({ groups: [{ group: 0, genes: [3], scores: [1] }] }));
  files.set('s/file_0_other.json', json(['<b>absent']));
  return bundle;
}
