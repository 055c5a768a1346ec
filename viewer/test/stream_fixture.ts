import { gzip, json, MapFiles, stringPart, toBytes } from './map_files';

export const HOSTILE = ['</script><img src=x onerror=alert(1)>', '__proto__', '../../x', 'g'.repeat(300)];

/** Five cells in parts of three and two, one column of each kind, four genes. */
export function streamBundle(change: (atlas: Record<string, unknown>) => void = () => {}): MapFiles {
  const parts = (stem: string) => [
    { path: `a/${stem}_0.bin.gz`, start: 0, end: 3, size_bytes: 10 },
    { path: `a/${stem}_1.bin.gz`, start: 3, end: 5, size_bytes: 10 },
  ];
  const atlas = {
    format: 'karospace-stream',
    version: 1,
    dataset_name: 'five',
    n_cells: 5,
    n_genes: 4,
    cell_ids: { parts: parts('ids') },
    embeddings: [
      {
        key: 'spatial',
        label: 'spatial',
        source: 'obsm:spatial',
        dims: 2,
        dtype: 'float32',
        y_axis: 'down',
        origin: [1000, 2000],
        minimum: [999, 1999],
        maximum: [1001, 2001],
        parts: parts('xy'),
      },
    ],
    columns: [
      {
        name: '__proto__',
        kind: 'category',
        dtype: 'uint8',
        missing: 255,
        categories: ['B', 'T'],
        colors: ['#112233', '#445566'],
        parts: parts('category'),
      },
      { name: 'area', kind: 'number', dtype: 'float64', minimum: 1, maximum: 4, parts: parts('number') },
      { name: 'primary', kind: 'bool', dtype: 'uint8', missing: 255, parts: parts('bool') },
      { name: 'barcode', kind: 'string', parts: parts('string') },
    ],
    genes: {
      table: { path: 'a/genes.json.gz', size_bytes: 10 },
      expression: {
        dtype: 'float32',
        path: 'a/gene_{gene}_part_{part}.bin.gz',
        gene_digits: 5,
        part_digits: 3,
        cuts: [0, 4, 5],
      },
    },
  };
  change(atlas);
  const files = new Map([
    ['manifest.json', json({ stream: { version: 1, path: 'atlas.json' }, schema_version: '1.0.0' })],
    ['atlas.json', json(atlas)],
    ['a/genes.json.gz', gzip(json({ name: HOSTILE }))],
  ]);
  for (const gene of HOSTILE.keys()) {
    files.set(`a/gene_0000${gene}_part_000.bin.gz`, gzip(toBytes(Float32Array.of(0, 1, 2, 3))));
    files.set(`a/gene_0000${gene}_part_001.bin.gz`, toBytes(Float32Array.of(4)));
  }
  const cut = (stem: string, first: ArrayBufferView, second: ArrayBufferView) => {
    files.set(`a/${stem}_0.bin.gz`, gzip(toBytes(first)));
    files.set(`a/${stem}_1.bin.gz`, gzip(toBytes(second)));
  };
  cut('xy', Float32Array.of(-1, -1, 0, 0, NaN, NaN), Float32Array.of(1, 1, 0.5, -0.5));
  cut('category', Uint8Array.of(0, 1, 255), Uint8Array.of(1, 1));
  cut('number', Float64Array.of(1, NaN, 3), Float64Array.of(4, 1.5));
  cut('bool', Uint8Array.of(0, 1, 255), Uint8Array.of(1, 0));
  cut('string', stringPart(['α', null, '']), stringPart(['d', 'e']));
  cut('ids', stringPart(['c0', 'c1', 'c2']), stringPart(['c3', 'c4']));
  return new MapFiles(files);
}
