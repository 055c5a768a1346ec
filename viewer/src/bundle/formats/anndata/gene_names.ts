import type { GeneTable } from '../../bundle';
import { uniqueNames } from './genes';
import { areAccessions, areSymbols, SYMBOL_COLUMNS } from './symbols';
import type { ArrayReader } from './zarr/arrays';

const DEFAULT = 'uns/cellucid/defaults/geneIdColumn';
/** Attribute of var: the index holds the names. The exporter writes it if the user chose so. */
const GENE_NAMES = 'gene-names';
const TEXT = /^(\|O|string|[<>|][US]\d+)$/;

/**
 * Names of the genes: from the column that the store states, else from a column of symbols if the index has
 * accession numbers, else from the index.
 */
export async function readGeneNames(
  reader: ArrayReader,
  columns: readonly string[],
  index: readonly string[],
  signal?: AbortSignal,
): Promise<GeneTable> {
  const ids = uniqueNames(index);
  const stated = await statedNames(reader, columns, index, signal);
  if (stated === null) return { names: ids, ids: null };
  return { names: uniqueNames(stated.map((name, gene) => name || ids[gene])), ids };
}

async function statedNames(
  reader: ArrayReader,
  columns: readonly string[],
  index: readonly string[],
  signal?: AbortSignal,
): Promise<readonly string[] | null> {
  const { documents } = reader.store;
  if (documents.attributes('var')[GENE_NAMES] === 'index') return null;
  const wanted = await reader.scalar(DEFAULT, signal);
  if (wanted !== null && columns.includes(wanted)) {
    const names = await readTexts(reader, `var/${wanted}`, index.length, signal);
    if (names) return names;
  }
  if (!areAccessions(index)) return null;
  const byName = new Map(columns.map((key) => [documents.nameOf('var', key).toLowerCase(), key]));
  for (const name of SYMBOL_COLUMNS) {
    const key = byName.get(name);
    const values = key === undefined ? null : await readTexts(reader, `var/${key}`, index.length, signal);
    if (values && areSymbols(values)) return values;
  }
  return null;
}

/** A column of text, with empty text for missing values; null if it holds something else. */
export async function readTexts(
  reader: ArrayReader,
  path: string,
  count: number,
  signal?: AbortSignal,
): Promise<readonly string[] | null> {
  const { documents } = reader.store;
  const isText = (array: string) =>
    documents.kind(array) === 'array' && TEXT.test(documents.array(array).dtype);
  switch (documents.encoding(path)) {
    case 'categorical': {
      const at = documents.texts(`${path}/categories`);
      if (!isText(at)) return null;
      const [labels, codes] = await Promise.all([
        reader.texts(at, documents.array(at).shape[0], signal),
        reader.numbers(`${path}/codes`, [count], { signal }),
      ]);
      return Array.from(codes, (code) => labels[code] ?? '');
    }
    case 'nullable-string-array': {
      const [values, mask] = await Promise.all([
        reader.texts(`${path}/values`, count, signal),
        reader.numbers(`${path}/mask`, [count], { signal }),
      ]);
      return values.map((value, gene) => (mask[gene] ? '' : value));
    }
    default:
      return isText(path) ? reader.texts(path, count, signal) : null;
  }
}
