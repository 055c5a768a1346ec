import type { MapFiles } from './map_files';
import { StoreBuilder, type Json } from './zarr_fixture';

export const STORE_GENES = ['Actb', '__proto__', '../x', 'Actb', ''];
/** Cells x genes. */
export const EXPRESSION = [
  [0, 1.5, 0, 0, 1],
  [2, 0, 0, 0, 1],
  [0, 0, 3.5, 0, 1],
  [4, 0, 0, 0, 1],
];
export const HOSTILE_COLUMNS = ['100%', 'a#b?c', '%2e%2e', '__proto__', '<b>', 'é ü'];

interface Fixture {
  format?: 2 | 3;
  /** How X is laid out. */
  x?: 'csc' | 'csr' | 'dense' | 'sharded' | 'none';
  /** Adds to the store, or writes over what is there. */
  more?: (store: StoreBuilder) => unknown;
}

/** Four cells, five genes, a column of each kind, three embeddings, one vector field, three edges. */
export function anndataStore({ format = 2, x = 'csc', more }: Fixture = {}): MapFiles {
  const store = new StoreBuilder(format);
  const dict = { 'encoding-type': 'dict', 'encoding-version': '0.1.0' };
  for (const group of ['uns', 'obsm', 'obsp']) store.group(group, dict);
  writeX(store, x);
  frame(store, 'obs', ['type', 'n', 'score', 'ok', 'maybe', 'count', 'note', ...HOSTILE_COLUMNS]);
  store.texts('obs/_index', ['c0', 'c1', 'c2', '<i>c3'], 3);
  categorical(store, 'obs/type', Int8Array.of(1, -1, 0, 1), ['B', 'T']);
  store.array('obs/n', BigInt64Array.of(1n, -2n, 3n, 2n ** 40n), { shuffle: true, chunks: [3] });
  store.array('obs/score', Float32Array.of(0.1, NaN, -1, 2));
  store.array('obs/ok', Uint8Array.of(1, 0, 0, 1));
  masked(store, 'obs/maybe', 'nullable-boolean', Uint8Array.of(1, 0, 0, 1));
  masked(store, 'obs/count', 'nullable-integer', Int32Array.of(7, 8, 0, 9));
  store.texts('obs/note', ['a', '', 'ü', '</script>']);
  for (const [at, name] of HOSTILE_COLUMNS.entries())
    categorical(store, `obs/${name}`, Int8Array.of(at % 2, 0, 1, 0), [`${name} x`, 'y']);
  frame(store, 'var', []);
  store.texts('var/_index', STORE_GENES, 2);
  store.array(
    'obsm/X_pca',
    new Float32Array(16).map((_, at) => at),
    { shape: [4, 4] },
  );
  store.array('obsm/X_umap', Float32Array.of(0, 0, 10, 4, 2, 2, NaN, NaN), { shape: [4, 2], chunks: [3, 2] });
  store.array('obsm/spatial', Float64Array.of(1e6, 5, 1e6 + 0.25, 6, 1e6, 7, 1e6, 8), { shape: [4, 2] });
  store.array('obsm/velocity_umap', Float32Array.of(1, 0, 0, 1, -1, 0, 0, 0), { shape: [4, 2] });
  const graph = [
    [0, 1, 1, 0],
    [1, 0, 0, 0],
    [1, 0, 0, 1],
    [0, 0, 1, 0],
  ];
  store.sparse('obsp/connectivities', 'csr_matrix', [4, 4], graph, 99);
  store.scalar('uns/title', 'Four cells');
  more?.(store);
  return store.build();
}

function writeX(store: StoreBuilder, x: Fixture['x']): void {
  const shape: [number, number] = [EXPRESSION.length, STORE_GENES.length];
  if (x === 'csc') store.sparse('X', 'csc_matrix', shape, EXPRESSION, 3);
  if (x === 'csr') store.sparse('X', 'csr_matrix', shape, EXPRESSION, 3);
  if (x === 'dense') store.array('X', Float32Array.from(EXPRESSION.flat()), { shape, chunks: [3, 2] });
  if (x === 'sharded') {
    store.sparse('X', 'csc_matrix', shape, EXPRESSION, 3).drop('X/data').drop('X/indices');
    const values = EXPRESSION[0].flatMap((_, gene) =>
      EXPRESSION.flatMap((row, cell) => (row[gene] ? [[cell, row[gene]]] : [])),
    );
    const options = { chunks: [3], shard: 2, attributes: {} };
    store.array(
      'X/data',
      Float32Array.from(values, ([, value]) => value),
      options,
    );
    store.array(
      'X/indices',
      Int32Array.from(values, ([cell]) => cell),
      options,
    );
  }
}

export function frame(store: StoreBuilder, name: string, columns: string[]): void {
  const attributes: Json = { 'encoding-type': 'dataframe', 'encoding-version': '0.2.0', _index: '_index' };
  store.group(name, { ...attributes, 'column-order': columns });
}

export function categorical(
  store: StoreBuilder,
  path: string,
  codes: Int8Array | Int16Array,
  labels: readonly string[],
): void {
  store.group(path, { 'encoding-type': 'categorical', 'encoding-version': '0.2.0', ordered: false });
  store.array(`${path}/codes`, codes).texts(`${path}/categories`, labels);
}

/** Texts as anndata writes them with pandas 3. */
export function maskedTexts(store: StoreBuilder, path: string, values: readonly string[]): void {
  store.drop(path).group(path, { 'encoding-type': 'nullable-string-array', 'encoding-version': '0.1.0' });
  store.texts(`${path}/values`, values).array(`${path}/mask`, new Uint8Array(values.length));
}

/** The third value is missing. */
function masked(store: StoreBuilder, path: string, encoding: string, values: Uint8Array | Int32Array): void {
  store.group(path, { 'encoding-type': encoding, 'encoding-version': '0.1.0' });
  store.array(`${path}/values`, values).array(`${path}/mask`, Uint8Array.of(0, 0, 1, 0));
}

/** Chunks that were asked for, without documents. */
export function chunksOf(asked: readonly string[]): string[] {
  return asked.filter((path) => !/(^|\/)(\.z\w+|[a-z_]+\.json)$/.test(path));
}
