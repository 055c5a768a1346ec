import { markerColumn, type MarkerTable } from '../markers/table';
import type { GeneSums, SideSums } from './gene_sums';
import { logAdjusted, logNormalP, logStudentP } from './p_values';

export const COMPARE_TESTS = ['wilcoxon', 't-test'] as const;
export type CompareTest = (typeof COMPARE_TESTS)[number];

/** Added to both means of a fold change, as in scanpy. */
const SMALL = 1e-9;

/** How many cells each side has. */
export type Sizes = readonly [number, number];

/** Each gene in falling order of its score. */
export interface Results {
  readonly table: MarkerTable;
  /** −log10 of the adjusted p-values, by row: never infinite where a test has an end. */
  readonly strength: Float64Array;
}

/**
 * The test of every gene, by the definitions of the statistics of an export, which are those of
 * `scanpy.tl.rank_genes_groups`.
 */
export function resultsOf(
  genes: readonly number[],
  sums: readonly GeneSums[],
  sizes: Sizes,
  test: CompareTest,
  tieCorrect: boolean,
): Results {
  const tested = sums.map((each) =>
    test === 'wilcoxon' ? rankSum(each, sizes, tieCorrect) : welch(each.sides, sizes),
  );
  const adjusted = logAdjusted(Float64Array.from(tested, ([, logP]) => logP));
  const order = [...genes.keys()].sort((a, b) => tested[b][0] - tested[a][0] || genes[a] - genes[b]);
  const column = (valueOf: (at: number) => number) => Float64Array.from(order, valueOf);
  const side = (number: 0 | 1, valueOf: (sums: SideSums) => number) =>
    column((at) => valueOf(sums[at].sides[number]));
  const share = (number: 0 | 1) => side(number, ({ nExpressing }) => nExpressing / sizes[number]);
  const mean = (number: 0 | 1) => side(number, (each) => each.mean);
  const columns = [
    markerColumn(
      'score',
      'Score',
      test === 'wilcoxon' ? 'z of the rank sum' : 't of Welch’s test',
      'scores',
      'number',
      column((at) => tested[at][0]),
    ),
    markerColumn(
      'change',
      'log2 fold change',
      'Of the means without their logarithm, as scanpy computes it',
      'logfoldchanges',
      'number',
      column((at) => logFoldChange(sums[at].sides)),
    ),
    markerColumn(
      'p',
      'p',
      'p-value, two-sided',
      'pvals',
      'p',
      column((at) => Math.exp(tested[at][1])),
    ),
    markerColumn(
      'adjusted',
      'Adjusted p',
      'p-value adjusted by Benjamini and Hochberg over the compared genes',
      'pvals_adj',
      'p',
      column((at) => Math.exp(adjusted[at])),
    ),
    markerColumn(
      'auc',
      'AUC',
      'Probability that a cell of the first side has the larger value; ties count half',
      'auc',
      'number',
      column((at) => sums[at].u / (sizes[0] * sizes[1])),
    ),
    markerColumn('share', 'Share', 'Cells whose value is not zero', 'pct_nz_group', 'share', share(0)),
    markerColumn(
      'share_outside',
      'Share, others',
      'Cells of the other side whose value is not zero',
      'pct_nz_reference',
      'share',
      share(1),
    ),
    markerColumn('mean', 'Mean', 'Mean over all cells', 'mean_group', 'number', mean(0)),
    markerColumn(
      'mean_outside',
      'Mean, others',
      'Mean over all cells of the other side',
      'mean_reference',
      'number',
      mean(1),
    ),
  ];
  const table = { grouping: -1, group: null, genes: Uint32Array.from(order, (at) => genes[at]), columns };
  return { table, strength: column((at) => -adjusted[at] / Math.LN10) };
}

/** A score, and the logarithm of its p-value. */
type Tested = readonly [score: number, logP: number];

/** Wilcoxon's rank-sum test in its normal approximation. */
function rankSum({ u, ties }: GeneSums, [n, m]: Sizes, tieCorrect: boolean): Tested {
  const size = n + m;
  let variance = (n * m * (size + 1)) / 12;
  if (tieCorrect) variance *= 1 - ties / (size ** 3 - size);
  const score = (u - (n * m) / 2) / Math.sqrt(variance);
  // All values are equal.
  return Number.isFinite(score) ? [score, logNormalP(score)] : [0, 0];
}

/** Welch's t-test, with the degrees of freedom of Welch (1947) and Satterthwaite (1946). */
function welch([one, other]: GeneSums['sides'], [n, m]: Sizes): Tested {
  const [first, second] = [one.variance / n, other.variance / m];
  const together = first + second;
  const freedom = together ** 2 / (first ** 2 / (n - 1) + second ** 2 / (m - 1));
  const score = (one.mean - other.mean) / Math.sqrt(together);
  if (Number.isNaN(score)) return [0, 0];
  // Without any variance t is infinite, whatever its degrees of freedom.
  return [score, logStudentP(score, Number.isNaN(freedom) ? 1 : freedom)];
}

/** NaN if one mean is negative and the other is not, as of scaled values. */
export function logFoldChange([{ mean }, { mean: other }]: GeneSums['sides']): number {
  return Math.log2((Math.expm1(mean) + SMALL) / (Math.expm1(other) + SMALL));
}
