import type { Floats } from '../../bytes/numbers';

/** Genes with the highest and the lowest numbers of a component. */
export interface Extremes {
  readonly highest: readonly (readonly [gene: number, value: number])[];
  readonly lowest: readonly (readonly [gene: number, value: number])[];
}

/** The genes at both ends of a column of `(n_genes, width)`: the highest above zero, and the lowest below. */
export function extremesOf(values: Floats, width: number, column: number, count: number): Extremes {
  const all: [number, number][] = [];
  for (let at = column, gene = 0; at < values.length; at += width, gene++)
    if (!Number.isNaN(values[at]) && values[at] !== 0) all.push([gene, values[at]]);
  all.sort(([, a], [, b]) => b - a);
  return {
    highest: all.filter(([, value]) => value > 0).slice(0, count),
    lowest: all
      .filter(([, value]) => value < 0)
      .slice(-count)
      .reverse(),
  };
}
