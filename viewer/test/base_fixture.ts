import { gzip, json, MapFiles, text, toBytes } from './map_files';

interface Fixture {
  obs?: string;
  coords?: string;
  columns?: string[];
}

const OBS =
  '[{"cell_id":"a","kind":"T","n":1},{"cell_id":"b","kind":null,"n":NaN},{"cell_id":"c","kind":"B","n":3}]';
const COORDS =
  '[{"cell_id":"a","x":10,"y":-1},{"cell_id":"b","x":20,"y":1},{"cell_id":"c","x":null,"y":null}]';

/** Three cells as the exporter of schema 1.0.0 writes them. */
export function baseBundle({ obs = OBS, coords = COORDS, columns = ['kind', 'n'] }: Fixture = {}): MapFiles {
  const manifest = {
    schema_version: '1.0.0',
    dataset_name: 'three',
    n_cells: 3,
    n_genes_exported: 2,
    coordinate_source: 'obsm:spatial',
    annotation_columns: columns,
    gene_list: ['x', 'y'],
    asset_files: [
      { kind: 'obs_json', path: 'assets/obs.json.gz', size_bytes: 1 },
      { kind: 'coords_json', path: 'assets/coords.json', size_bytes: 1 },
      { kind: 'something_new', path: 'assets/new', size_bytes: 1 },
    ],
    expression: {
      genes: [0, 1].map((index) => ({
        gene: 'xy'[index],
        index,
        chunks: [
          { path: `assets/${index}_0.bin.gz`, start: 0, end: 2, size_bytes: 8 },
          { path: `assets/${index}_1.bin.gz`, start: 2, end: 3, size_bytes: 4 },
        ],
      })),
    },
    image: { path: 'assets/image.png', width: 6, height: 5 },
  };
  return new MapFiles(
    new Map([
      ['manifest.json', json(manifest)],
      ['assets/obs.json.gz', gzip(text(obs))],
      ['assets/coords.json', text(coords)],
      ['assets/1_0.bin.gz', gzip(toBytes(Float32Array.of(0, 0.5)))],
      ['assets/1_1.bin.gz', toBytes(Float32Array.of(7))],
    ]),
  );
}
