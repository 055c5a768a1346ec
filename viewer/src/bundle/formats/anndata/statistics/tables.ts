import type { Floats } from '../../../../bytes/numbers';
import type { BestGenes, Grouping, GroupStatistics, Ranking, TableKind, VisitRun } from '../../../statistics';
import type { ArrayReader } from '../zarr/arrays';
import type { GeneNumbers, StoreMarkers } from './file_markers';
import { GeneFrame } from './gene_frame';

/** Genes of a run. */
const RUN = 4_096;
const MEANS = 'means_';
const SHARES = 'shares_';

/** Means and shares of the groups of a column. */
interface Tables {
  readonly column: string;
  readonly means: GeneFrame | null;
  readonly shares: GeneFrame;
  /** The rows of genes; -1 for a gene that is not there. */
  readonly rowsOf: (genes: readonly number[], signal?: AbortSignal) => Promise<readonly number[]>;
}

/**
 * Means and shares of groups that a store holds: data frames of varm, as this program writes them, or else the
 * shares beside markers (`pts`). Null if there are none.
 */
export function tablesOf(
  reader: ArrayReader,
  columns: readonly string[],
  files: readonly StoreMarkers[],
  genes: GeneNumbers,
  nGenes: number,
): GroupStatistics | null {
  const found = columns.flatMap((column): Tables[] => {
    const marked = files.find((each) => each.column === column && each.shares !== null);
    const tables =
      inVarm(reader, column, nGenes) ?? (marked?.shares && ofMarkers(column, marked.shares, genes));
    return tables ? [tables] : [];
  });
  const isMarked = (column: string) => files.some((each) => each.column === column);
  return found.length > 0 ? new StoreTables(found, isMarked, nGenes) : null;
}

function inVarm(reader: ArrayReader, column: string, nGenes: number): Tables | null {
  const { documents } = reader.store;
  const [means, shares] = [MEANS, SHARES].map((kind) =>
    GeneFrame.of(reader, `varm/${documents.keyOf('varm', kind + column)}`),
  );
  if (means?.count !== nGenes || shares?.count !== nGenes) return null;
  if (means.groups.join('\n') !== shares.groups.join('\n')) return null;
  return { column, means, shares, rowsOf: (genes) => Promise.resolve(genes) };
}

function ofMarkers(column: string, shares: GeneFrame, genes: GeneNumbers): Tables {
  const rowsOf = async (wanted: readonly number[], signal?: AbortSignal) => {
    const [numbers, rowOf] = await Promise.all([genes(signal), shares.rowOf(signal)]);
    const rows = new Map([...rowOf].map(([name, row]) => [numbers.get(name), row]));
    return wanted.map((gene) => rows.get(gene) ?? -1);
  };
  return { column, means: null, shares, rowsOf };
}

class StoreTables implements GroupStatistics {
  readonly holder = 'store';
  readonly groupings: readonly Grouping[];

  constructor(
    readonly tables: readonly Tables[],
    isMarked: (column: string) => boolean,
    readonly nGenes: number,
  ) {
    this.groupings = tables.map(({ column, means, shares }, at) => ({
      column,
      file: null,
      test: 'none',
      tieCorrect: null,
      tables: at,
      hasMeans: means !== null,
      hasVariances: false,
      isBesideMarkers: isMarked(column),
      categories: shares.groups,
      nCells: null,
      nWithout: 0,
      reference: null,
      ranked: new Set<number>(),
      tooSmall: [],
    }));
  }

  best(): Promise<readonly BestGenes[]> {
    return Promise.resolve([]);
  }

  others(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  ranking(grouping: number): Promise<Ranking> {
    throw new Error(`the groups of ${this.tables[grouping].column} are not ranked`);
  }

  async rows(
    kind: TableKind,
    grouping: number,
    genes: readonly number[],
    signal?: AbortSignal,
  ): Promise<Floats> {
    return this.#frame(kind, grouping).rows(await this.tables[grouping].rowsOf(genes, signal), signal);
  }

  async each(
    kinds: readonly TableKind[],
    grouping: number,
    visit: VisitRun,
    signal?: AbortSignal,
  ): Promise<void> {
    for (let start = 0; start < this.nGenes; start += RUN) {
      const length = Math.min(RUN, this.nGenes - start);
      const genes = Array.from({ length }, (_, at) => start + at);
      visit(start, await Promise.all(kinds.map((kind) => this.rows(kind, grouping, genes, signal))));
    }
  }

  async column(kind: TableKind, grouping: number, group: number, signal?: AbortSignal): Promise<Floats> {
    const genes = Array.from({ length: this.nGenes }, (_, gene) => gene);
    const [values, rows] = await Promise.all([
      this.#frame(kind, grouping).column(group, signal),
      this.tables[grouping].rowsOf(genes, signal),
    ]);
    return Float32Array.from(rows, (row) => values[row] ?? Number.NaN);
  }

  #frame(kind: TableKind, grouping: number): GeneFrame {
    const { means, shares } = this.tables[grouping];
    const frame = kind === 'means' ? means : kind === 'shares' ? shares : null;
    if (!frame) throw new Error(`this store has no ${kind}`);
    return frame;
  }
}
