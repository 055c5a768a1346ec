import type { GroupStatistics } from '../../bundle/statistics';
import type { Floats } from '../../bytes/numbers';
import { exactText, namedColumns, type CsvColumn } from '../texts/csv';
import { linkageOrder } from './linkage';

/** Most dots, each of which is an element of the page. */
const MOST_DOTS = 12_000;
const MOST_GENES = 400;

/** Shares, and means if they are known, of some genes in all groups. */
export interface PlotValues {
  /** Null if they are computed from the cells shown. */
  readonly grouping: number | null;
  readonly genes: readonly number[];
  readonly nGroups: number;
  /** `(genes.length, nGroups)`; NaN for groups without cells. */
  readonly means: Floats | null;
  readonly shares: Floats;
}

/** The groups of a plot. */
export interface PlotGroups {
  readonly column: string;
  readonly categories: readonly string[];
  /** Cells of each group; null if they are not known. */
  readonly nCells: readonly number[] | null;
}

/** The values that colours stand for: means, or shares where there are no means. */
export function colouredValues({ means, shares }: PlotValues): Floats {
  return means ?? shares;
}

/** Most genes that are drawn for a number of groups. */
export function mostGenes(nGroups: number): number {
  return Math.max(1, Math.min(MOST_GENES, Math.floor(MOST_DOTS / Math.max(1, nGroups))));
}

/** Loads the values of some genes in two requests, if each table is one file. */
export async function loadPlot(
  statistics: GroupStatistics,
  grouping: number,
  genes: readonly number[],
  signal?: AbortSignal,
): Promise<PlotValues> {
  const { hasMeans, categories } = statistics.groupings[grouping];
  const [means, shares] = await Promise.all([
    hasMeans ? statistics.rows('means', grouping, genes, signal) : null,
    statistics.rows('shares', grouping, genes, signal),
  ]);
  return { grouping, genes, nGroups: categories.length, means, shares };
}

/** Each gene's values, moved and scaled to 0–1 over the groups; 0 for a gene whose values are equal. */
export function scaleGenes(means: Floats, nGroups: number): Floats {
  const scaled = means.slice();
  for (let start = 0; start < scaled.length; start += nGroups) {
    const row = scaled.subarray(start, start + nGroups);
    const [low, high] = extentOf(row);
    row.forEach((value, group) => {
      if (!Number.isNaN(value)) row[group] = high > low ? (value - low) / (high - low) : 0;
    });
  }
  return scaled;
}

/** The smallest and the largest number; `[0, 0]` if there is none. */
export function extentOf(values: Floats): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

/** The groups in the order of the categories, or so that groups with similar values are neighbours. */
export function groupOrder(plot: PlotValues, bySimilarity: boolean): number[] {
  const { groups, genes, scaled } = comparable(plot);
  if (!bySimilarity) return [...range(plot.nGroups)];
  const rows = groups.map((group) => genes.map((gene) => scaled[gene * plot.nGroups + group]));
  return withRest(linkageOrder(Float32Array.from(rows.flat()), genes.length), groups, plot.nGroups);
}

/** The same plot, its genes in another order: those with similar values, scaled, are neighbours. */
export function similarGenes(plot: PlotValues): PlotValues {
  const { groups, genes, scaled } = comparable(plot);
  const rows = genes.map((gene) => groups.map((group) => scaled[gene * plot.nGroups + group]));
  const found = linkageOrder(Float32Array.from(rows.flat()), groups.length);
  const order = withRest(found, genes, plot.genes.length);
  const sorted = (values: Floats) => {
    const rowOf = (gene: number) => values.subarray(gene * plot.nGroups, (gene + 1) * plot.nGroups);
    const to = new Float32Array(values.length);
    order.forEach((gene, row) => to.set(rowOf(gene), row * plot.nGroups));
    return to;
  };
  return {
    ...plot,
    genes: order.map((gene) => plot.genes[gene]),
    means: plot.means && sorted(plot.means),
    shares: sorted(plot.shares),
  };
}

/** The groups and genes that have any numbers, and the values scaled, so that no gene with large ones decides alone. */
function comparable(plot: PlotValues) {
  const { nGroups } = plot;
  const scaled = scaleGenes(colouredValues(plot), nGroups);
  const [allGroups, allGenes] = [[...range(nGroups)], [...range(plot.genes.length)]];
  const isKnown = (gene: number, group: number) => !Number.isNaN(scaled[gene * nGroups + group]);
  return {
    groups: allGroups.filter((group) => allGenes.some((gene) => isKnown(gene, group))),
    genes: allGenes.filter((gene) => allGroups.some((group) => isKnown(gene, group))),
    scaled,
  };
}

/** The order of some items, followed by all others. */
function withRest(order: readonly number[], items: readonly number[], count: number): number[] {
  const known = new Set(items);
  return [...order.map((at) => items[at]), ...[...range(count)].filter((item) => !known.has(item))];
}

function range(count: number): IterableIterator<number> {
  return new Array<undefined>(count).keys();
}

/** A line for each gene and group. */
export function plotColumns(
  plot: PlotValues,
  grouping: PlotGroups,
  names: readonly string[],
  shown: readonly string[] = grouping.categories,
): CsvColumn[] {
  const { genes, nGroups, means, shares } = plot;
  const rows = [...shares.keys()];
  const group = (row: number) => row % nGroups;
  return [
    { header: 'gene', texts: rows.map((row) => names[genes[Math.floor(row / nGroups)]]) },
    ...namedColumns(grouping.column, rows.map(group), grouping.categories, shown),
    ...(grouping.nCells
      ? [{ header: 'n_cells', texts: rows.map((row) => String(grouping.nCells?.[group(row)])) }]
      : []),
    ...(means ? [{ header: 'mean', texts: rows.map((row) => exactText(means[row])) }] : []),
    { header: 'share', texts: rows.map((row) => exactText(shares[row])) },
  ];
}
