import type { FileFacts, Grouping, GroupStatistics, Test } from '../../bundle/statistics';
import { formatCount } from '../texts/format';
import { shellName } from '../texts/shell';

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
export function testFacts({ holder }: GroupStatistics, info: Grouping, group: number): string[] {
  if (info.file) return fileFacts(info.file);
  const count = info.nCells && `${cellCount(info.nCells[group])} in `;
  const cells = `${count ?? ''}“${info.categories[group]}”`;
  if (holder === 'store') return [`Means and shares of ${cells}, as the store has them in varm.`];
  if (info.test === 'none') return [`${TEST_NAMES.none}: means and shares of ${cells}.`];
  if (!info.ranked.has(group)) return [`Means and shares of ${cells}. ${whyNot(info, group)}`];
  const ties = tieText(info);
  return [
    `${TEST_NAMES[info.test]}${ties}: ${cells} against ${othersText(info, group)}. ` +
      'p-values are two-sided, and adjusted by Benjamini and Hochberg.',
    ...bestText(info),
  ];
}

/** How many genes a table has, and how to have all. */
function bestText({ column, kept }: Grouping): string[] {
  if (!kept) return [];
  const genes = `the ${formatCount(kept.nGenes)} best of ${formatCount(kept.of)} genes`;
  const option = `--group-by ${shellName(column)} --marker-genes all`;
  return [`The table has ${genes}; for all of them, export with ${option}.`];
}

/** Names of methods in a file. */
const METHODS: Readonly<Record<string, string>> = {
  wilcoxon: TEST_NAMES.wilcoxon,
  't-test': TEST_NAMES['t-test'],
  't-test_overestim_var': TEST_NAMES['t-test_overestim_var'],
  logreg: 'logistic regression',
};
/** Parameters that are told in a sentence of their own. */
const TOLD = ['groupby', 'method', 'reference', 'use_raw', 'layer'];

/** What the file says of its markers, in a few words: `Wilcoxon rank-sum test, against the rest, of raw`. */
export function fileSummary({ method, reference, params }: FileFacts): string {
  const matrix =
    typeof params.layer === 'string'
      ? `values of layer “${params.layer}”`
      : params.use_raw === true
        ? 'values of raw'
        : params.use_raw === false
          ? 'values of X'
          : null;
  const others = reference === 'rest' ? 'against the rest' : reference && `against “${reference}”`;
  const name = method === null ? 'method not stated' : (METHODS[method] ?? method);
  return [name, others, matrix].filter(Boolean).join(', ');
}

function fileFacts(file: FileFacts): string[] {
  const more = Object.entries(file.params)
    .filter(([name, value]) => !TOLD.includes(name) && value !== null)
    // scanpy states how p-values were adjusted, also where there are none.
    .filter(([name]) => name !== 'corr_method' || file.method !== 'logreg')
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(', ') : String(value)}`);
  const missing = file.nNotExported;
  return [
    `From the file, uns[“${file.key}”]: ${fileSummary(file)}${more.map((each) => `; ${each}`).join('')}.`,
    ...(missing > 0
      ? [`${formatCount(missing)} of its genes ${missing === 1 ? 'is' : 'are'} not exported.`]
      : []),
  ];
}

/** What is missing for a plot of these groups, and how to get it. */
export function missingTables({ holder }: GroupStatistics, column: string, isForVariances: boolean): string {
  const of = column === '' ? 'these groups' : column;
  const what = `means and ${isForVariances ? 'variances' : 'shares'}`;
  if (holder === 'bundle') {
    const wayOut = column === '' ? '' : ` Export it again with --group-by “${column}” to see them.`;
    return `This export has no ${what} by ${of}, only markers of the file.${wayOut}`;
  }
  if (isForVariances) {
    const wayOut = column === '' ? '' : ` Export it as a bundle with --group-by “${column}” to see them.`;
    return `An AnnData store holds no variances by ${of}.${wayOut}`;
  }
  const wayOut = column === '' ? '' : ` Write it with --format anndata --group-by “${column}” to see them.`;
  return `This store has no ${what} by ${of}, only markers.${wayOut}`;
}

/** What a plot shows if there are shares alone; null if there are means. */
export function sharesAlone({ column, hasMeans }: Grouping): string | null {
  if (hasMeans) return null;
  return (
    'The markers of this store have shares of cells, but no means: colours show the shares. ' +
    `Write it with --format anndata --group-by “${column}” to see means.`
  );
}

const USUAL_KEY = 'rank_genes_groups';

/** The name of a grouping in a list: of one column, there may be several. */
export function groupingName({ column, file }: Grouping): string {
  if (!file) return column;
  const method = file.method ?? 'method not stated';
  const isNamed = column === '' || file.key === USUAL_KEY;
  return `${column === '' ? file.key : column} (file: ${method}${isNamed ? '' : `, ${file.key}`})`;
}

/** The groups that were not compared, and why; null if all were. */
export function notCompared(info: Grouping): string | null {
  if (info.test === 'none' || info.tooSmall.length === 0) return null;
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
  const count = info.nCells?.[group] ?? 0;
  if (count < FEWEST) return `${cellCount(count)}, but a test needs ${FEWEST}`;
  return `${cellCount(outsideCount(info, group))} to compare with, but a test needs ${FEWEST}`;
}

function tieText({ tieCorrect }: Grouping): string {
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
  if (!nCells) return 0;
  if (reference !== null) return nCells[reference];
  return nCells.reduce((sum, count) => sum + count, nWithout) - nCells[group];
}

function cellCount(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'cell' : 'cells'}`;
}
