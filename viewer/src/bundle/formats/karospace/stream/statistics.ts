import { ViewerError } from '../../../../bytes/errors';
import type { Files } from '../../../../bytes/files';
import { readJson } from '../../../../bytes/json';
import { byteLength, decodeNumbers, type Dtype, type Floats } from '../../../../bytes/numbers';
import { mapParallel } from '../../../../bytes/parallel';
import { check } from '../../../schema';
import type { BestGenes, Doubles, Grouping, GroupStatistics, Ranking, TableKind } from '../../../statistics';
import { brokenParts, checkContiguous, type PartReader } from './parts';
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

type Column = Uint32Array<ArrayBuffer> | Floats | Doubles;

/** The statistics of a stream layer. See docs/formats/karospace.md. */
export class StreamStatistics implements GroupStatistics {
  readonly test;
  readonly tieCorrect;
  readonly groupings: readonly Grouping[];
  readonly #best: (Promise<readonly BestGenes[]> | undefined)[] = [];

  constructor(
    readonly files: Files,
    readonly reader: PartReader,
    readonly entry: StatisticsEntry,
    readonly nGenes: number,
  ) {
    this.test = entry.test;
    this.tieCorrect = entry.tie_correct ?? null;
    this.groupings = entry.groupings.map((grouping) => toGrouping(grouping, nGenes));
    if (entry.groupings.some(({ rankings }) => rankings.length > 0)) checkColumns(entry);
  }

  best(grouping: number): Promise<readonly BestGenes[]> {
    const known = this.#best[grouping];
    if (known) return known;
    const loading = this.#loadBest(grouping);
    this.#best[grouping] = loading;
    loading.catch(() => (this.#best[grouping] = undefined));
    return loading;
  }

  async ranking(grouping: number, group: number): Promise<Ranking> {
    const { column, rankings } = this.entry.groupings[grouping];
    const found = rankings.find((each) => each.group === group);
    if (!found) throw new Error(`group ${group} of ${column} is not ranked`);
    const whole = new Map<string, Column>();
    for (const { name, dtype } of this.entry.columns) whole.set(name, allocate(dtype, this.nGenes));
    await mapParallel(found.parts, async (part) => {
      const count = part.end - part.start;
      const sizes = this.entry.columns.map(({ dtype }) => byteLength(dtype, count));
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const bytes = await this.reader.bytes(part, total);
      checkLength(bytes.length, total, part, count);
      let at = 0;
      for (const [index, { name, dtype }] of this.entry.columns.entries()) {
        // Copied, since numbers of eight bytes may begin at an odd multiple of four.
        const some = bytes.slice(at, (at += sizes[index]));
        whole.get(name)!.set(decodeNumbers(some, dtype, count, part.path), part.start);
      }
    });
    const genes = whole.get('gene') as Uint32Array<ArrayBuffer>;
    if (genes.some((gene) => gene >= this.nGenes)) throw unknownGene(found.parts[0].path, this.nGenes);
    return {
      genes,
      score: whole.get('score') as Floats,
      logFoldChange: whole.get('log_fold_change') as Floats,
      meanOutside: whole.get('mean_outside') as Floats,
      shareOutside: whole.get('share_outside') as Floats,
      auc: (whole.get(AUC) as Floats | undefined) ?? null,
      pValue: whole.get('p_value') as Doubles,
      adjustedPValue: whole.get('adjusted_p_value') as Doubles,
    };
  }

  async rows(kind: TableKind, grouping: number, genes: readonly number[]): Promise<Floats> {
    const { categories, [kind]: parts } = this.entry.groupings[grouping];
    const width = categories.length;
    const values = new Float32Array(genes.length * width);
    const holds = (part: Part) => genes.some((gene) => part.start <= gene && gene < part.end);
    await mapParallel(parts.filter(holds), async (part) => {
      const table = (await this.reader.numbers(part, 'float32', width)) as Floats;
      for (const [row, gene] of genes.entries()) {
        if (gene < part.start || gene >= part.end) continue;
        const from = (gene - part.start) * width;
        values.set(table.subarray(from, from + width), row * width);
      }
    });
    return values;
  }

  async all(kind: TableKind, grouping: number): Promise<Floats> {
    const { categories, [kind]: parts } = this.entry.groupings[grouping];
    const rows = { count: this.nGenes, of: 'gene' };
    return (await this.reader.whole({ parts, dtype: 'float32', width: categories.length, rows })) as Floats;
  }

  async column(kind: TableKind, grouping: number, group: number): Promise<Floats> {
    const width = this.entry.groupings[grouping].categories.length;
    const table = await this.all(kind, grouping);
    return Float32Array.from({ length: this.nGenes }, (_, gene) => table[gene * width + group]);
  }

  async #loadBest(grouping: number): Promise<readonly BestGenes[]> {
    const { best, categories } = this.entry.groupings[grouping];
    if (!best) return [];
    const { groups } = check(BestSchema, await readJson(this.files, best.path), best.path);
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

function toGrouping(entry: GroupingEntry, nGenes: number): Grouping {
  const { column, categories, n_cells, reference, rankings, too_small } = entry;
  const nGroups = categories.length;
  const named = [...rankings.map(({ group }) => group), ...too_small, reference ?? 0];
  if (n_cells.length !== nGroups || (nGroups > 0 && named.some((group) => group >= nGroups)))
    throw brokenParts(`the groups of “${column}” in its statistics do not fit its ${nGroups} categories`);
  for (const parts of [entry.means, entry.shares, entry.variances, ...rankings.map((each) => each.parts)])
    checkContiguous(parts, nGenes, 'gene');
  return {
    column,
    categories,
    nCells: n_cells,
    nWithout: entry.n_without,
    reference,
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

function allocate(dtype: 'uint32' | 'float32' | 'float64', length: number): Column {
  if (dtype === 'uint32') return new Uint32Array(length);
  return dtype === 'float32' ? new Float32Array(length) : new Float64Array(length);
}

function checkLength(length: number, wanted: number, part: Part, count: number): void {
  if (length === wanted) return;
  throw mixture(
    `The file ${part.path} has ${length.toLocaleString('en')} bytes, but must have ` +
      `${wanted.toLocaleString('en')} (${count.toLocaleString('en')} genes).`,
  );
}

function unknownGene(path: string, nGenes: number): ViewerError {
  return mixture(`${path} names a gene or a group that this bundle of ${nGenes} genes does not have.`);
}

function mixture(message: string): ViewerError {
  return new ViewerError(message, 'The bundle is a mixture of two exports, or incomplete: export it again.');
}
