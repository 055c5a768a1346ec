import type { VariableNumbers } from '../../bundle/bundle';
import type { Grouping, GroupStatistics, VisitRun } from '../../bundle/statistics';
import type { Floats } from '../../bytes/numbers';
import { formatCount } from '../texts/format';
import { markerColumn, type MarkerTable } from './table';

/** Mean and variance of genes over all cells that have a group. */
export interface Spread {
  readonly means: Float64Array;
  readonly variances: Float64Array;
  /** The part of the variance that lies between the groups, from 0 to 1; NaN for a gene without variance. */
  readonly between: Float64Array;
}

/**
 * Mean and variance over the cells of all groups together, from those of each group: the sum of squares is that
 * within the groups, plus that of the groups' means.
 */
export function joinGroups(nCells: readonly number[], means: Floats, variances: Floats): Spread {
  const nGroups = nCells.length;
  const nGenes = nGroups === 0 ? 0 : means.length / nGroups;
  const total = nCells.reduce((sum, count) => sum + count, 0);
  const joined = {
    means: new Float64Array(nGenes),
    variances: new Float64Array(nGenes),
    between: new Float64Array(nGenes),
  };
  for (let gene = 0; gene < nGenes; gene++) {
    const start = gene * nGroups;
    let [sum, within, between] = [0, 0, 0];
    // A group without cells has no mean.
    for (let group = 0; group < nGroups; group++)
      if (nCells[group] > 0) sum += nCells[group] * means[start + group];
    const mean = sum / total;
    for (let group = 0; group < nGroups; group++) {
      const count = nCells[group];
      // A single cell has no variance.
      if (count > 1) within += (count - 1) * variances[start + group];
      if (count > 0) between += count * (means[start + group] - mean) ** 2;
    }
    joined.means[gene] = mean;
    joined.variances[gene] = (within + between) / (total - 1);
    joined.between[gene] = within + between > 0 ? between / (within + between) : NaN;
  }
  return joined;
}

function joinRuns(runs: readonly (readonly [number, Spread])[]): Spread {
  const nGenes = runs.reduce((sum, [, { means }]) => sum + means.length, 0);
  const joined = {
    means: new Float64Array(nGenes),
    variances: new Float64Array(nGenes),
    between: new Float64Array(nGenes),
  };
  for (const [start, spread] of runs) {
    joined.means.set(spread.means, start);
    joined.variances.set(spread.variances, start);
    joined.between.set(spread.between, start);
  }
  return joined;
}

/** Loads the table of variable genes: two requests, unless the tables are large. */
export async function loadVariable(
  statistics: GroupStatistics,
  grouping: number,
  signal?: AbortSignal,
): Promise<MarkerTable> {
  const { nCells } = statistics.groupings[grouping];
  if (!nCells) throw new Error('variances need the number of cells of each group');
  const runs: (readonly [number, Spread])[] = [];
  const visit: VisitRun = (start, [means, variances]) => {
    runs.push([start, joinGroups(nCells, means, variances)]);
  };
  await statistics.each(['means', 'variances'], grouping, visit, signal);
  const spread = joinRuns(runs);
  const dispersion = spread.variances.map((variance, gene) => variance / spread.means[gene]);
  return {
    grouping,
    group: null,
    genes: Uint32Array.from(spread.means.keys()),
    columns: [
      markerColumn(
        'excess',
        'Above similar',
        'log2 of the dispersion divided by the median of the genes with a similar mean',
        'log2_dispersion_above_similar',
        'number',
        aboveSimilar(spread.means, dispersion),
      ),
      markerColumn(
        'dispersion',
        'Dispersion',
        'Variance divided by mean',
        'dispersion',
        'number',
        dispersion,
      ),
      markerColumn('variance', 'Variance', 'Over all cells', 'variance', 'number', spread.variances),
      markerColumn('mean', 'Mean', 'Over all cells', 'mean', 'number', spread.means),
      markerColumn(
        'between',
        'Between groups',
        'The part of the variance that lies between the groups',
        'share_between_groups',
        'share',
        spread.between,
      ),
    ],
  };
}

/** Columns that scanpy ranks by, and how people read them. */
const COMPUTED: readonly (readonly [name: string, title: string])[] = [
  ['dispersions_norm', 'Normalised dispersion'],
  ['variances_norm', 'Normalised variance'],
  ['highly_variable_nbatches', 'Batches'],
];

/** The table with the numbers by which the exported genes were found, before the others, if there are any. */
export function withComputed(table: MarkerTable, computed: VariableNumbers | null): MarkerTable {
  if (!computed) return table;
  const columns = COMPUTED.flatMap(([name, title]) => {
    const values = computed.columns[name];
    if (!values) return [];
    const help =
      name === 'highly_variable_nbatches'
        ? 'In how many batches the gene is among the most variable'
        : `As scanpy.pp.highly_variable_genes computes it (${computed.flavor})`;
    const inRows = Float64Array.from(table.genes, (gene) => Number(values[gene] ?? Number.NaN));
    return [markerColumn(name, title, help, name, 'number', inRows)];
  });
  return { ...table, columns: [...columns, ...table.columns] };
}

/** How the exported genes were found, as a sentence; empty if that is not known. */
export function computedFacts(computed: VariableNumbers | null): string {
  return computed ? ` The exported genes are the most variable ones by ${computed.flavor}.` : '';
}

/** Genes of about the same mean, in so many bins of equal size. */
const BINS = 20;

/** log2 of each dispersion divided by the median of its bin; NaN for a gene without mean or variance. */
export function aboveSimilar(means: Float64Array, dispersion: Float64Array): Float64Array {
  const above = new Float64Array(means.length).fill(NaN);
  const genes = [...means.keys()].filter((gene) => means[gene] > 0 && dispersion[gene] > 0);
  genes.sort((a, b) => means[a] - means[b] || a - b);
  for (let bin = 0; bin < BINS; bin++) {
    const [from, to] = [bin, bin + 1].map((each) => Math.round((each * genes.length) / BINS));
    const similar = genes.slice(from, to);
    const sorted = Float64Array.from(similar, (gene) => dispersion[gene]).sort();
    const middle = (sorted.length - 1) / 2;
    const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
    for (const gene of similar) above[gene] = Math.log2(dispersion[gene] / median);
  }
  return above;
}

/** Which cells the numbers are of, as a sentence. */
export function variableFacts({ column, nCells, nWithout }: Grouping): string {
  const total = (nCells ?? []).reduce((sum, count) => sum + count, 0);
  const without = nWithout > 0 ? `; ${formatCount(nWithout)} without a value are left out` : '';
  return (
    `Over the ${formatCount(total)} cells with a value in ${column}${without}. ` +
    `The dispersion is the variance divided by the mean. Genes are similar if their means are in the same of ${BINS} bins ` +
    'of equal size.'
  );
}

/** Points of a plot with logarithmic axes, from 0 to 1; NaN for a gene that has no place in it. */
export interface ScatterPoints {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
}
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** Lays out variance against mean. */
export function scatterOf(table: MarkerTable): ScatterPoints {
  const axis = (key: string) => logAxis(table.columns.find((each) => each.key === key)!.values);
  const [x, y] = [axis('mean'), axis('variance')];
  return { x: x.at, y: y.at, xTicks: x.ticks, yTicks: y.ticks };
}

function logAxis(values: Float32Array | Float64Array): { at: Float64Array; ticks: Tick[] } {
  const logs = Float64Array.from(values, (value) => (value > 0 ? Math.log10(value) : NaN));
  let [low, high] = [Infinity, -Infinity];
  for (const value of logs) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return { at: logs, ticks: [] };
  const size = high - low || 1;
  const ticks: Tick[] = [];
  const step = Math.max(1, Math.ceil(size / 6));
  for (let power = Math.ceil(low); power <= high; power += step)
    ticks.push({
      at: (power - low) / size,
      text: power >= -2 && power <= 4 ? String(10 ** power) : `1e${power}`,
    });
  return { at: logs.map((value) => (value - low) / size), ticks };
}

/** The gene nearest to a point of the plot, within a distance; null if there is none. Lengths are in pixels. */
export function nearestGene(
  { x, y }: ScatterPoints,
  at: { readonly x: number; readonly y: number },
  size: { readonly width: number; readonly height: number },
  most: number,
): number | null {
  let [found, least]: [number | null, number] = [null, most ** 2];
  for (let gene = 0; gene < x.length; gene++) {
    const distance = (x[gene] * size.width - at.x) ** 2 + ((1 - y[gene]) * size.height - at.y) ** 2;
    if (distance <= least) [found, least] = [gene, distance];
  }
  return found;
}
