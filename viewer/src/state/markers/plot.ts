import type { Grouping, GroupStatistics } from '../../bundle/statistics';
import type { Floats } from '../../bytes/numbers';
import { exactText, toCsv } from '../texts/csv';
import { linkageOrder } from './linkage';

/** Most dots, each of which is an element of the page. */
const MOST_DOTS = 12_000;
const MOST_GENES = 400;

/** Means and shares of some genes in all groups. */
export interface PlotValues {
  readonly grouping: number;
  readonly genes: readonly number[];
  readonly nGroups: number;
  /** `(genes.length, nGroups)`; NaN for groups without cells. */
  readonly means: Floats;
  readonly shares: Floats;
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
): Promise<PlotValues> {
  const [means, shares] = await Promise.all([
    statistics.rows('means', grouping, genes),
    statistics.rows('shares', grouping, genes),
  ]);
  return { grouping, genes, nGroups: statistics.groupings[grouping].categories.length, means, shares };
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

/** The groups in the order of the categories, or so that groups with similar means are neighbours. */
export function groupOrder({ means, genes, nGroups }: PlotValues, bySimilarity: boolean): number[] {
  if (!bySimilarity) return Array.from({ length: nGroups }, (_, group) => group);
  // Scaled, so that no gene with large values decides alone.
  const scaled = scaleGenes(means, nGroups);
  const byGroup = new Float32Array(scaled.length);
  for (let gene = 0; gene < genes.length; gene++)
    for (let group = 0; group < nGroups; group++)
      byGroup[group * genes.length + gene] = scaled[gene * nGroups + group];
  return linkageOrder(byGroup, genes.length);
}

/** A line for each gene and group. */
export function plotCsv(plot: PlotValues, grouping: Grouping, names: readonly string[]): string {
  const { genes, nGroups, means, shares } = plot;
  const rows = [...means.keys()];
  const group = (row: number) => row % nGroups;
  return toCsv([
    { header: 'gene', texts: rows.map((row) => names[genes[Math.floor(row / nGroups)]]) },
    { header: grouping.column, texts: rows.map((row) => grouping.categories[group(row)]) },
    ...(grouping.nCells
      ? [{ header: 'n_cells', texts: rows.map((row) => String(grouping.nCells?.[group(row)])) }]
      : []),
    { header: 'mean', texts: rows.map((row) => exactText(means[row])) },
    { header: 'share', texts: rows.map((row) => exactText(shares[row])) },
  ]);
}
