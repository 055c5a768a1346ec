import { formatCount, formatCounted } from '../texts/format';
import type { Comparison } from './compare';
import { logFoldChange, type CompareTest } from './result';
import { sizesText } from './sides';

export const COMPARE_NAMES: Record<CompareTest, string> = {
  wilcoxon: 'Wilcoxon rank-sum test',
  't-test': 'Welch’s t-test',
};
/** Longer lists end with a number. */
const MOST_NAMED = 5;

/** Such as `B cells (louvain) against the rest`. */
export function titleOf({ names: [first, second] }: Pick<Comparison, 'names'>): string {
  return `${first} against ${second}`;
}

/** What was compared, as sentences. */
export function comparisonFacts(comparison: Comparison, test: CompareTest, tieCorrect: boolean): string[] {
  const { genes, filters, nShown, nCells, sums, unknown, what } = comparison;
  const ties = test === 'wilcoxon' ? (tieCorrect ? ', corrected for ties' : ', not corrected for ties') : '';
  const nMissing = sums.reduce((sum, each) => sum + each.nMissing, 0);
  const nInfinite = sums.reduce((sum, each) => sum + each.nInfinite, 0);
  return [
    `${titleOf(comparison)}: ${sizesText(comparison)}`,
    ...withoutChange(comparison),
    `${COMPARE_NAMES[test]}${ties}.`,
    `${formatCounted(genes.length, 'gene')}: ${what}${unknown.length > 0 ? `; no exported gene is called ${listed(unknown)}` : ''}.`,
    filters.length > 0
      ? `Of the ${formatCount(nShown)} of ${formatCount(nCells)} cells that the filters show: ${filters.join('; ')}.`
      : 'No filters.',
    'p-values are two-sided, and adjusted by Benjamini and Hochberg over these genes.',
    ...(nMissing > 0 ? [`${formatCounted(nMissing, 'missing value')} counted as 0.`] : []),
    ...(nInfinite > 0
      ? [`${formatCounted(nInfinite, 'infinite value')} counted as the largest finite one of the gene.`]
      : []),
  ];
}

/** How many genes have no fold change, and why. */
function withoutChange({ sums }: Comparison): string[] {
  const without = sums.filter(({ sides }) => !Number.isFinite(logFoldChange(sides)));
  if (without.length === 0) return [];
  const isNegative = without.some(({ sides }) => sides.some(({ mean }) => mean < 0));
  const [has, their] = without.length === 1 ? ['gene has', 'its'] : ['genes have', 'their'];
  return [
    `${formatCount(without.length)} of ${formatCount(sums.length)} ${has} no fold change, as ${their} means are ` +
      (isNegative ? 'negative (scaled values).' : 'too large for logarithms.'),
  ];
}

function listed(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${formatCount(names.length - MOST_NAMED)} more` : '';
  return names.slice(0, MOST_NAMED).join(', ') + more;
}
