import { gzip, json, MapFiles, toBytes } from './map_files';

type Json = Record<string, unknown>;

interface Fixture {
  bits?: 8 | 16 | null;
  zipped?: boolean;
  identity?: (identity: Json) => void;
  obs?: (manifest: Json) => void;
  genes?: (manifest: Json) => void;
}

export const GENES = ['Actb', 'HLA-A/B', '../../x', '__proto__', 'é'];
/** How the last four become names of files. */
export const GENE_FILES = ['Actb', 'HLA-A_B', 'x', 'proto', 'field'];

/** Four cells in 2-D and 3-D, a column of either kind, five genes, three edges, one vector field. */
export function cellucidExport({
  bits = null,
  zipped = false,
  identity,
  obs,
  genes,
}: Fixture = {}): MapFiles {
  const gz = zipped ? '.gz' : '';
  const ext = bits === null ? 'f32' : `u${bits}`;
  const dtype = bits === null ? 'float32' : `uint${bits}`;
  const stored = { ext, dtype, quantized: bits !== null, ...(bits !== null && { quantizationBits: bits }) };
  const range = (low: number, high: number) => (bits === null ? [] : [low, high]);
  const files = new Map<string, ReturnType<typeof json>>();
  const put = (path: string, array: ArrayBufferView) =>
    files.set(path + gz, zipped ? gzip(toBytes(array)) : toBytes(array));

  const said: Json = {
    version: 2,
    id: 'four',
    name: 'Four cells',
    description: '',
    stats: { n_cells: 4, n_genes: 9, n_obs_fields: 2, has_connectivity: true, n_edges: 3 },
    embeddings: {
      available_dimensions: [2, 3],
      default_dimension: 3,
      files: { '2d': `points_2d.bin${gz}`, '3d': `points_3d.bin${gz}` },
    },
    obs_fields: [
      { key: 'n counts', kind: 'continuous' },
      { key: 'type', kind: 'category', n_categories: 2 },
    ],
    vector_fields: {
      default_field: 'velocity_umap',
      fields: {
        T_fwd: {
          label: 'T fwd',
          available_dimensions: [2],
          default_dimension: 2,
          files: { '2d': `vectors/t${gz}` },
        },
        velocity_umap: {
          label: 'Velocity (UMAP)',
          available_dimensions: [2, 3],
          default_dimension: 3,
          files: { '2d': `vectors/v2${gz}`, '3d': `vectors/v3${gz}` },
          basis: 'umap',
        },
      },
    },
  };
  identity?.(said);
  files.set('dataset_identity.json', json(said));
  const obsManifest: Json = {
    _format: 'compact_v1',
    n_points: 4,
    _obsSchemas: {
      continuous: { pathPattern: `obs/{key}.values.${ext}${gz}`, ...stored },
      categorical: {
        codesPathPattern: `obs/{key}.codes.{ext}${gz}`,
        outlierPathPattern: 'obs/{key}.outliers.f32',
      },
    },
    _continuousFields: [['n counts', ...range(-1, 1)]],
    _categoricalFields: [
      [
        'type',
        ['B', 'T'],
        'uint8',
        255,
        {
          '2': [{ category: 'T', position: [0.5, -0.5], n_points: 12 }],
          '3': [
            { category: 'B', position: [1, 0, 0], n_points: 12 },
            { category: 'gone', position: [1, 0, 0], n_points: 12 },
          ],
        },
        ...range(0, 1),
      ],
    ],
  };
  obs?.(obsManifest);
  files.set('obs_manifest.json', json(obsManifest));
  const varManifest: Json = {
    _format: 'compact_v1',
    n_points: 4,
    var_gene_id_column: 'index',
    _varSchema: { kind: 'continuous', pathPattern: `var/{key}.values.${ext}${gz}`, ...stored },
    fields: GENES.map((gene) => [gene, ...range(0, 254)]),
  };
  genes?.(varManifest);
  files.set('var_manifest.json', json(varManifest));
  files.set(
    'connectivity_manifest.json',
    json({
      format: 'edge_pairs',
      n_cells: 4,
      n_edges: 3,
      max_neighbors: 2,
      index_bytes: 2,
      index_dtype: 'uint16',
      sourcesPath: `connectivity/edges.src.bin${gz}`,
      destinationsPath: `connectivity/edges.dst.bin${gz}`,
    }),
  );
  put('connectivity/edges.src.bin', Uint16Array.of(0, 0, 2));
  put('connectivity/edges.dst.bin', Uint16Array.of(1, 2, 3));
  put('points_2d.bin', Float32Array.of(-1, 0, 1, 0.5, 0, -0.5, NaN, 0));
  put('points_3d.bin', Float32Array.of(-1, 0, 0, 1, 0.5, 0, 0, -0.5, 0.25, 0, 0, 0));
  put('vectors/t', new Float32Array(8).fill(3));
  put('vectors/v2', new Float32Array(8).fill(2));
  put('vectors/v3', new Float32Array(12).fill(1));
  put('obs/type.codes.u8', Uint8Array.of(0, 1, 255, 1));
  const codes = bits === 16 ? Uint16Array : Uint8Array;
  const top = bits === 16 ? 65534 : 254;
  const numbers = (values: number[], quantised: number[]) =>
    bits === null ? Float32Array.from(values) : codes.from(quantised);
  put(`obs/n_counts.values.${ext}`, numbers([-1, 0, 1, NaN], [0, top / 2, top, top + 1]));
  GENE_FILES.forEach((name, gene) => {
    put(`var/${name}.values.${ext}`, numbers([0, gene, 254, NaN], [0, (gene * top) / 254, top, top + 1]));
  });
  return new MapFiles(files);
}
