import { ViewerError } from '../../../../bytes/errors';
import { Once } from '../../../../bytes/shared';
import { mapParallel } from '../../../../bytes/parallel';
import type { ColumnInfo, GeneTable } from '../../../bundle';
import type { GeneFacts, GeneSet, Loadings } from '../../../statistics';
import { readTexts } from '../gene_names';
import type { ArrayReader } from '../zarr/arrays';
import type { ArrayDocument } from '../zarr/documents';
import { NUMBER } from './gene_frame';

const SETS = 'uns/gene_sets';
/** Columns of a data frame of sets and genes, as this program writes it and decoupler reads it. */
const [SOURCE, TARGET] = ['source', 'target'];
/** Each set of a dictionary is an array of its own, and takes a request. */
const MOST_ARRAYS = 200;

/** Gene sets in `uns["gene_sets"]`, a data frame or a dictionary of lists; loadings in varm. Null if there are none. */
export function geneFactsOf(
  reader: ArrayReader,
  nGenes: number,
  columns: readonly ColumnInfo[],
  genes: (signal?: AbortSignal) => Promise<GeneTable>,
): GeneFacts | null {
  const { documents } = reader.store;
  const stored = storedSets(reader);
  const loadings = documents.children('varm').flatMap((key): (Loadings & { readonly path: string })[] => {
    const path = `varm/${key}`;
    const { shape, dtype } = arrayAt(reader, path) ?? { shape: [], dtype: '' };
    if (shape.length !== 2 || shape[0] !== nGenes || shape[1] === 0 || !NUMBER.test(dtype)) return [];
    return [{ path, key: documents.nameOf('varm', key), nColumns: shape[1] }];
  });
  if (!stored && loadings.length === 0) return null;
  const sets = new Once(async (signal): Promise<readonly GeneSet[]> => {
    const [named, table] = await Promise.all([stored?.(signal) ?? [], genes(signal)]);
    const numbers = new Map<string, number>();
    for (const names of [table.names, table.ids ?? []])
      names.forEach((name, gene) => numbers.has(name) || numbers.set(name, gene));
    return named.map(([name, members]) => setOf(name, members, numbers, columns));
  });
  return {
    hasSets: stored !== null,
    loadings,
    sets: (signal) => sets.get(signal),
    loading: async (index, signal) => {
      const { path, nColumns } = loadings[index];
      const values = await reader.numbers(path, [nGenes, nColumns], { signal });
      return values instanceof Float32Array ? values : Float32Array.from(values as Float64Array);
    },
  };
}

function setOf(
  name: string,
  members: ReadonlySet<string>,
  numbers: ReadonlyMap<string, number>,
  columns: readonly ColumnInfo[],
): GeneSet {
  const found = [...members].flatMap((member) => numbers.get(member) ?? []);
  const column = columns.findIndex((each) => each.name === name && each.kind === 'number');
  return {
    name,
    source: 'uns:gene_sets',
    genes: [...new Set(found)],
    // What was left out of an export, and what its file lacked, is not known.
    nNotExported: 0,
    nMissing: members.size - found.length,
    column: column < 0 ? null : column,
  };
}

type Named = readonly (readonly [name: string, members: ReadonlySet<string>])[];

/** How to read the sets; null if there are none that this page can read. */
function storedSets(reader: ArrayReader): ((signal: AbortSignal) => Promise<Named>) | null {
  const { documents } = reader.store;
  if (documents.kind(SETS) !== 'group') return null;
  const keys = documents.children(SETS);
  if (documents.encoding(SETS) === 'dataframe') {
    const index = documents.attributes(SETS)._index;
    if (![SOURCE, TARGET].every((key) => keys.includes(key)) || typeof index !== 'string') return null;
    return async (signal) => {
      const count = lengthOf(reader, `${SETS}/${index}`) ?? 0;
      const [sources, targets] = await Promise.all(
        [SOURCE, TARGET].map((key) => readTexts(reader, `${SETS}/${key}`, count, signal)),
      );
      const sets = new Map<string, Set<string>>();
      sources?.forEach((name, at) => {
        if (!sets.has(name)) sets.set(name, new Set());
        if (targets) sets.get(name)!.add(targets[at]);
      });
      return [...sets];
    };
  }
  const lists = keys.filter((key) => lengthOf(reader, `${SETS}/${key}`) !== null).slice(0, MOST_ARRAYS);
  if (lists.length === 0) return null;
  return async (signal) => {
    const sets: (readonly [string, ReadonlySet<string>])[] = [];
    await mapParallel([...lists.entries()], async ([at, key]) => {
      const path = `${SETS}/${key}`;
      const members = await readTexts(reader, path, lengthOf(reader, path)!, signal);
      sets[at] = [documents.nameOf(SETS, key), new Set(members)];
    });
    // A list of something else is no set.
    return sets.filter(([, members]) => members.size > 0);
  };
}

/** The length of a list; null if it is none. */
function lengthOf(reader: ArrayReader, path: string): number | null {
  const { shape } = arrayAt(reader, reader.store.documents.texts(path)) ?? { shape: [] };
  return shape.length === 1 ? shape[0] : null;
}

/** Null if there is no array, or its document is damaged: the rest of the store can be shown. */
function arrayAt({ store: { documents } }: ArrayReader, path: string): ArrayDocument | null {
  try {
    return documents.kind(path) === 'array' ? documents.array(path) : null;
  } catch (error) {
    if (error instanceof ViewerError) return null;
    throw error;
  }
}
