import { streamBundle } from './stream_fixture';
import { gzip, toBytes, type MapFiles } from './map_files';

const NAN = Number.NaN;

const part = (name: string, start: number, end: number) => ({ path: `n/${name}`, start, end, size_bytes: 9 });

const entryOf = () => ({
  graph: 'spatial_connectivities',
  permutations: 1000,
  seed: 3,
  coordinates: 'obsm:spatial',
  genes: {
    columns: [
      { name: 'gene', dtype: 'uint32' },
      { name: 'moran_i', dtype: 'float32' },
      { name: 'geary_c', dtype: 'float32' },
      { name: 'moran_p_value', dtype: 'float64' },
      { name: 'moran_adjusted_p_value', dtype: 'float64' },
      { name: 'geary_p_value', dtype: 'float64' },
      { name: 'geary_adjusted_p_value', dtype: 'float64' },
    ],
    variances: { moran_i: 0.1, geary_c: 0.2 },
    parts: [part('genes_0.gz', 0, 3), part('genes_1', 3, 4)],
  },
  groupings: [
    {
      column: 'kind',
      categories: ['B', 'T'],
      enrichment: { path: 'n/enrichment.gz', size_bytes: 9 },
      co_occurrence: { path: 'n/pairs.gz', size_bytes: 9, distances: [1, 2, 4], n_cells: 6 },
    },
    { column: 'other', categories: ['x', 'y'], enrichment: { path: 'n/enrichment_1', size_bytes: 9 } },
  ],
});
export type Entry = ReturnType<typeof entryOf>;

/** Two groups of which one has no cells, two distances, and four genes. */
export function neighbourhoodsBundle(change: (entry: Entry) => unknown = () => {}): MapFiles {
  const entry = entryOf();
  change(entry);
  const bundle = streamBundle((atlas) => (atlas.neighbourhoods = entry));
  const { files } = bundle;
  files.set('n/genes_0.gz', gzip(genes([2, 0, 3], [0.5, 0.25, -0.5], [0.5, 1, 2], [0, 1e-300, 0.5])));
  files.set('n/genes_1', genes([1], [NAN], [NAN], [NAN]));
  files.set('n/enrichment.gz', gzip(toBytes(Float64Array.of(8, -4, -2, NAN, 30, 2, 3, 0))));
  files.set('n/enrichment_1', toBytes(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8)));
  files.set('n/pairs.gz', gzip(toBytes(Float32Array.of(2, 1.5, 0.5, 1, NAN, NAN, NAN, NAN))));
  return bundle;
}

function genes(numbers: number[], moran: number[], geary: number[], p: number[]) {
  const columns = [
    Uint32Array.from(numbers),
    Float32Array.from(moran),
    Float32Array.from(geary),
    ...[1, 2, 3, 4].map((times) => Float64Array.from(p, (value) => Math.min(1, times * value))),
  ];
  return toBytes(Buffer.concat(columns.map(toBytes)));
}
