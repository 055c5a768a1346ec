import type { GeneTable } from '../../bundle/bundle';
import type { BestGenes } from '../../bundle/statistics';

/** Columns of variable genes: of ranks, the lowest is best; of the others, the highest. */
const BY_RANK = 'highly_variable_rank';
const BY_VALUE = ['variances_norm', 'dispersions_norm'];

/** The order of genes that match a text equally well. */
export interface GeneRanks {
  /** By gene, lower first. */
  readonly ranks: Float64Array;
  /** Such as `the best markers of leiden`. */
  readonly by: string;
}

/** By the markers of the groups, if they are loaded; else by how variable the genes are; null if neither is known. */
export function geneRanks(
  { names, variable }: GeneTable,
  best: readonly BestGenes[] | undefined,
  column: string,
): GeneRanks | null {
  const ranks = new Float64Array(names.length).fill(Infinity);
  if (best && best.length > 0) {
    for (const { genes } of best)
      genes.forEach((gene, at) => {
        if (gene < ranks.length) ranks[gene] = Math.min(ranks[gene], at);
      });
    return { ranks, by: `the best markers${column === '' ? '' : ` of ${column}`}` };
  }
  const columns = variable?.columns ?? {};
  const key = [BY_RANK, ...BY_VALUE].find((each) => each in columns);
  if (key === undefined) return null;
  const sign = key === BY_RANK ? 1 : -1;
  columns[key].forEach((value, gene) => {
    if (typeof value === 'number') ranks[gene] = sign * value;
  });
  return { ranks, by: 'the most variable' };
}
