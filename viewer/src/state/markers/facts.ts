import type { Grouping, GroupStatistics, Test } from '../../bundle/statistics';
import { formatCount } from '../texts/format';

const TEST_NAMES: Record<Test, string> = {
  wilcoxon: 'Wilcoxon rank-sum test',
  't-test': 'Welch’s t-test',
  't-test_overestim_var': 'Welch’s t-test with overestimated variance',
  none: 'Groups were not compared (--markers none)',
};
/** Longer lists end with a number. */
const MOST_NAMED = 5;
/** Cells that a group must have to be compared. */
const FEWEST = 2;

/** What was computed for a group, as sentences. */
export function testFacts(statistics: GroupStatistics, grouping: number, group: number): string[] {
  const info = statistics.groupings[grouping];
  const cells = `${cellCount(info.nCells[group])} in “${info.categories[group]}”`;
  if (statistics.test === 'none') return [`${TEST_NAMES.none}: means and shares of ${cells}.`];
  if (!info.ranked.has(group)) return [`Means and shares of ${cells}. ${whyNot(info, group)}`];
  const ties = tieText(statistics);
  return [
    `${TEST_NAMES[statistics.test]}${ties}: ${cells} against ${othersText(info, group)}. ` +
      'p-values are two-sided, and adjusted by Benjamini and Hochberg.',
  ];
}

/** The groups that were not compared, and why; null if all were. */
export function notCompared(statistics: GroupStatistics, grouping: number): string | null {
  const info = statistics.groupings[grouping];
  if (statistics.test === 'none' || info.tooSmall.length === 0) return null;
  const named = info.tooSmall
    .slice(0, MOST_NAMED)
    .map((group) => `“${info.categories[group]}” (${reasonOf(info, group)})`);
  const more = info.tooSmall.length - named.length;
  return `Not compared: ${named.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}.`;
}

/** Why a group has no ranking. */
function whyNot(info: Grouping, group: number): string {
  if (group === info.reference) return 'It is the reference, which the other groups are compared with.';
  return `It was not compared: ${reasonOf(info, group)}.`;
}

function reasonOf(info: Grouping, group: number): string {
  const count = info.nCells[group];
  if (count < FEWEST) return `${cellCount(count)}, but a test needs ${FEWEST}`;
  return `${cellCount(outsideCount(info, group))} to compare with, but a test needs ${FEWEST}`;
}

function tieText({ tieCorrect }: GroupStatistics): string {
  if (tieCorrect === null) return '';
  return tieCorrect ? ' with tie correction' : ' without tie correction';
}

function othersText(info: Grouping, group: number): string {
  const count = cellCount(outsideCount(info, group));
  if (info.reference !== null) return `${count} in “${info.categories[info.reference]}”, the reference`;
  const without = info.nWithout > 0 ? `, ${formatCount(info.nWithout)} of them without a value` : '';
  return `all ${count} outside${without}`;
}

function outsideCount({ nCells, nWithout, reference }: Grouping, group: number): number {
  if (reference !== null) return nCells[reference];
  return nCells.reduce((sum, count) => sum + count, nWithout) - nCells[group];
}

function cellCount(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'cell' : 'cells'}`;
}
