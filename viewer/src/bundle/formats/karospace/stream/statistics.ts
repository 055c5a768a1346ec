import type { Files } from '../../../../bytes/files';
import { readJson } from '../../../../bytes/json';
import type { Dtype, Floats } from '../../../../bytes/numbers';
import { mapParallel } from '../../../../bytes/parallel';
import { Once } from '../../../../bytes/shared';
import { check } from '../../../schema';
import type { BestGenes, Grouping, GroupStatistics, Ranking, TableKind, VisitRun } from '../../../statistics';
import { brokenParts, checkContiguous, type PartReader } from './parts';
import { mixture, readRanking, unknownGene } from './ranking';
import type { Part } from './schema';
import { BestSchema, type GroupingEntry, type StatisticsEntry } from './statistics_schema';

/** Columns that every ranking has, and their types. */
const RANKED = {
  gene: 'uint32',
  score: 'float32',
  log_fold_change: 'float32',
  mean_outside: 'float32',
  share_outside: 'float32',
  p_value: 'float64',
  adjusted_p_value: 'float64',
} as const satisfies Record<string, Dtype>;
const AUC = 'auc';

/** The statistics of a stream layer. See docs/formats/karospace.md. */
export class StreamStatistics implements GroupStatistics {
  readonly holder = 'bundle';
  readonly groupings: readonly Grouping[];
  readonly #best: Once<readonly BestGenes[]>[] = [];

  constructor(
    readonly files: Files,
    readonly reader: PartReader,
    readonly entry: StatisticsEntry,
    readonly nGenes: number,
  ) {
    this.groupings = entry.groupings.map((grouping, at) => ({
      ...toGrouping(grouping, nGenes),
      test: entry.test,
      tieCorrect: entry.tie_correct ?? null,
      file: null,
      tables: at,
      hasMeans: true,
      hasVariances: true,
    }));
    if (entry.groupings.some(({ rankings }) => rankings.length > 0)) checkColumns(entry);
  }

  best(grouping: number, signal?: AbortSignal): Promise<readonly BestGenes[]> {
    this.#best[grouping] ??= new Once((shared) => this.#loadBest(grouping, shared));
    return this.#best[grouping].get(signal);
  }

  others(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  ranking(grouping: number, group: number, signal?: AbortSignal): Promise<Ranking> {
    const { column, rankings } = this.entry.groupings[grouping];
    const found = rankings.find((each) => each.group === group);
    if (!found) throw new Error(`group ${group} of ${column} is not ranked`);
    return readRanking(this.reader, found.parts, this.entry.columns, this.nGenes, signal);
  }

  async rows(
    kind: TableKind,
    grouping: number,
    genes: readonly number[],
    signal?: AbortSignal,
  ): Promise<Floats> {
    const { categories, [kind]: parts } = this.entry.groupings[grouping];
    const width = categories.length;
    const values = new Float32Array(genes.length * width);
    const holds = (part: Part) => genes.some((gene) => part.start <= gene && gene < part.end);
    await mapParallel(parts.filter(holds), async (part) => {
      const table = (await this.reader.numbers(part, 'float32', width, { signal })) as Floats;
      for (const [row, gene] of genes.entries()) {
        if (gene < part.start || gene >= part.end) continue;
        const from = (gene - part.start) * width;
        values.set(table.subarray(from, from + width), row * width);
      }
    });
    return values;
  }

  async each(
    kinds: readonly TableKind[],
    grouping: number,
    visit: VisitRun,
    signal?: AbortSignal,
  ): Promise<void> {
    const entry = this.entry.groupings[grouping];
    await mapParallel(entry[kinds[0]], async (run) => {
      const tables = await Promise.all(kinds.map((kind) => this.#run(kind, grouping, run, signal)));
      visit(run.start, tables);
    });
  }

  async column(kind: TableKind, grouping: number, group: number, signal?: AbortSignal): Promise<Floats> {
    const width = this.entry.groupings[grouping].categories.length;
    const values = new Float32Array(this.nGenes);
    const visit: VisitRun = (start, [table]) => {
      for (let row = 0; row * width < table.length; row++) values[start + row] = table[row * width + group];
    };
    await this.each([kind], grouping, visit, signal);
    return values;
  }

  /** The genes of a run. Kinds may be cut in other places. */
  async #run(kind: TableKind, grouping: number, { start, end }: Part, signal?: AbortSignal): Promise<Floats> {
    const { categories, [kind]: parts } = this.entry.groupings[grouping];
    const width = categories.length;
    const held = parts.filter((part) => part.start < end && start < part.end);
    const tables = await Promise.all(
      held.map((part) =>
        parts.length === 1
          ? this.reader.numbers(part, 'float32', width, { signal })
          : this.reader.passing(part, 'float32', width, { signal }),
      ),
    );
    if (held.length === 1 && held[0].start === start && held[0].end === end) return tables[0] as Floats;
    const joined = new Float32Array((end - start) * width);
    held.forEach((part, at) => {
      const [from, to] = [Math.max(start, part.start), Math.min(end, part.end)];
      const some = tables[at].subarray((from - part.start) * width, (to - part.start) * width);
      joined.set(some, (from - start) * width);
    });
    return joined;
  }

  async #loadBest(grouping: number, signal: AbortSignal): Promise<readonly BestGenes[]> {
    const { best, categories } = this.entry.groupings[grouping];
    if (!best) return [];
    const { groups } = check(BestSchema, await readJson(this.files, best.path, { signal }), best.path);
    for (const { group, genes, scores, log_fold_changes, adjusted_p_values } of groups) {
      if (group >= categories.length || genes.some((gene) => gene >= this.nGenes))
        throw unknownGene(best.path, this.nGenes);
      if ([scores, log_fold_changes, adjusted_p_values].some(({ length }) => length !== genes.length))
        throw mixture(`${best.path} has lists of different lengths for group ${group}.`);
    }
    return groups.map(({ group, genes, scores, log_fold_changes, adjusted_p_values }) => ({
      group,
      genes,
      scores,
      logFoldChanges: log_fold_changes,
      adjustedPValues: adjusted_p_values,
    }));
  }
}

type Groups = Omit<Grouping, 'test' | 'tieCorrect' | 'file' | 'tables' | 'hasMeans' | 'hasVariances'>;

function toGrouping(entry: GroupingEntry, nGenes: number): Groups {
  const { column, categories, n_cells, reference, rankings, too_small, n_ranked } = entry;
  const nGroups = categories.length;
  const named = [...rankings.map(({ group }) => group), ...too_small, reference ?? 0];
  if (n_cells.length !== nGroups || (nGroups > 0 && named.some((group) => group >= nGroups)))
    throw brokenParts(`the groups of “${column}” in its statistics do not fit its ${nGroups} categories`);
  if (n_ranked !== undefined && n_ranked > nGenes)
    throw brokenParts(`the rankings of “${column}” have ${n_ranked} genes, but the bundle has ${nGenes}`);
  for (const parts of [entry.means, entry.shares, entry.variances]) checkContiguous(parts, nGenes, 'gene');
  for (const { parts } of rankings) checkContiguous(parts, n_ranked ?? nGenes, 'gene');
  return {
    column,
    categories,
    nCells: n_cells,
    nWithout: entry.n_without,
    reference,
    ...(n_ranked !== undefined && { kept: { nGenes: n_ranked, of: nGenes } }),
    ranked: new Set(rankings.map(({ group }) => group)),
    tooSmall: too_small,
  };
}

function checkColumns({ columns }: StatisticsEntry): void {
  const types = new Map(columns.map(({ name, dtype }) => [name, dtype]));
  const wanted = Object.entries({ ...RANKED, ...(types.has(AUC) && { [AUC]: 'float32' }) });
  const wrong = wanted.find(([name, dtype]) => types.get(name) !== dtype);
  if (wrong)
    throw brokenParts(`the rankings in its statistics have no column “${wrong[0]}” of type ${wrong[1]}`);
}
