import type { Floats } from '../../bytes/numbers';
import type {
  BestGenes,
  FileMarkers,
  Grouping,
  GroupStatistics,
  Ranking,
  TableKind,
  VisitRun,
} from '../statistics';

/**
 * Markers that the file had already, followed by what was computed during the export. Groupings of one column share
 * the tables of the computed one.
 */
export class JoinedStatistics implements GroupStatistics {
  readonly groupings: readonly Grouping[];

  constructor(
    readonly computed: GroupStatistics | null,
    readonly files: readonly FileMarkers[],
    readonly holder: 'bundle' | 'store',
  ) {
    const own = computed?.groupings ?? [];
    const tablesOf = (column: string) => {
      const at = own.findIndex((each) => each.column === column && each.tables !== null);
      return at < 0 ? null : at + files.length;
    };
    this.groupings = [
      ...files.map((each) => groupingOf(each, tablesOf(each.column))),
      ...own.map((each) => ({ ...each, tables: each.tables === null ? null : each.tables + files.length })),
    ];
  }

  best(grouping: number, signal?: AbortSignal): Promise<readonly BestGenes[]> {
    return this.#file(grouping)?.best(signal) ?? this.#own.best(grouping - this.files.length, signal);
  }

  others(grouping: number, signal?: AbortSignal): Promise<readonly string[]> {
    return this.#file(grouping)?.others(signal) ?? Promise.resolve([]);
  }

  ranking(grouping: number, group: number, signal?: AbortSignal): Promise<Ranking> {
    const file = this.#file(grouping);
    return file?.ranking(group, signal) ?? this.#own.ranking(grouping - this.files.length, group, signal);
  }

  rows(kind: TableKind, grouping: number, genes: readonly number[], signal?: AbortSignal): Promise<Floats> {
    return this.#own.rows(kind, grouping - this.files.length, genes, signal);
  }

  each(kinds: readonly TableKind[], grouping: number, visit: VisitRun, signal?: AbortSignal): Promise<void> {
    return this.#own.each(kinds, grouping - this.files.length, visit, signal);
  }

  column(kind: TableKind, grouping: number, group: number, signal?: AbortSignal): Promise<Floats> {
    return this.#own.column(kind, grouping - this.files.length, group, signal);
  }

  #file(grouping: number): FileMarkers | undefined {
    return this.files.at(grouping);
  }

  get #own(): GroupStatistics {
    if (!this.computed) throw new Error('nothing was computed in this export');
    return this.computed;
  }
}

/** What there is of computed statistics and markers of the file; null if there is nothing. */
export function joinStatistics(
  computed: GroupStatistics | null,
  files: readonly FileMarkers[],
  holder: 'bundle' | 'store',
): GroupStatistics | null {
  if (files.length === 0) return computed;
  return new JoinedStatistics(computed, files, holder);
}

function groupingOf({ facts, column, groups }: FileMarkers, tables: number | null): Grouping {
  const reference = groups.indexOf(facts.reference ?? '');
  return {
    column,
    file: facts,
    test: 'none',
    tieCorrect: null,
    tables,
    hasMeans: false,
    hasVariances: false,
    categories: groups,
    nCells: null,
    nWithout: 0,
    reference: reference < 0 ? null : reference,
    ranked: new Set(groups.keys()),
    tooSmall: [],
  };
}
