import type { GeneTable } from '../../bundle/bundle';
import type { Grouping, GroupStatistics, Ranking } from '../../bundle/statistics';
import type { Floats } from '../../bytes/numbers';
import type { NameSearch } from '../lists/search';
import { exactText, toCsv, type CsvColumn } from '../texts/csv';
import { formatRounded, formatTick } from '../texts/format';

/** How numbers of a column are written. */
type Style = 'number' | 'p' | 'share';

export interface MarkerColumn {
  readonly key: string;
  readonly title: string;
  /** What it is, for a tooltip. */
  readonly help: string;
  /** Its name in a CSV: that of `scanpy.get.rank_genes_groups_df`, where that has it. */
  readonly csv: string;
  readonly style: Style;
  readonly values: Float32Array | Float64Array;
}

/** The genes of one group, and what is known of each. */
export interface MarkerTable {
  readonly grouping: number;
  /** Null for a table of all groups. */
  readonly group: number | null;
  /** The gene of each row. */
  readonly genes: Uint32Array;
  readonly columns: readonly MarkerColumn[];
}

export interface Sort {
  /** Key of a column, or `gene`. */
  readonly by: string;
  readonly isFalling: boolean;
}

export const GENE = 'gene';

/** Loads the table of a group: two requests for the means and shares, if there are any, and one for its ranking. */
export async function loadTable(
  statistics: GroupStatistics,
  grouping: number,
  group: number,
  signal?: AbortSignal,
): Promise<MarkerTable> {
  const info = statistics.groupings[grouping];
  const inTables = groupInTables(statistics, info, group);
  const [means, shares, ranking] = await Promise.all([
    inTables && statistics.groupings[inTables[0]].hasMeans
      ? statistics.column('means', ...inTables, signal)
      : null,
    inTables && statistics.column('shares', ...inTables, signal),
    info.ranked.has(group) ? statistics.ranking(grouping, group, signal) : null,
  ]);
  const genes = ranking?.genes ?? Uint32Array.from(shares?.keys() ?? []);
  // A gene that is not exported has no mean.
  const inside = (values: Floats | null) =>
    values && Float32Array.from(genes, (gene) => values[gene] ?? Number.NaN);
  const others = outsideName(info);
  const of: Partial<Ranking> = ranking ?? {};
  const columns: (MarkerColumn | null)[] = [
    known('score', 'Score', scoreHelp(info), 'scores', 'number', of.score),
    known(
      'change',
      'log2 fold change',
      'Of the means without their logarithm, as scanpy computes it',
      'logfoldchanges',
      'number',
      of.logFoldChange,
    ),
    known('p', 'p', 'p-value, two-sided', 'pvals', 'p', of.pValue),
    known(
      'adjusted',
      'Adjusted p',
      info.file ? 'p-value, adjusted' : 'p-value adjusted by Benjamini and Hochberg over all genes',
      'pvals_adj',
      'p',
      of.adjustedPValue,
    ),
    known(
      'auc',
      'AUC',
      'Probability that a cell of the group has the larger value; ties count half',
      'auc',
      'number',
      of.auc,
    ),
    known(
      'share',
      'Share',
      'Cells of the group whose value is not zero',
      'pct_nz_group',
      'share',
      of.share ?? inside(shares),
    ),
    known(
      'share_outside',
      `Share ${others}`,
      `Cells ${others} whose value is not zero`,
      'pct_nz_reference',
      'share',
      of.shareOutside,
    ),
    known('mean', 'Mean', 'Mean over all cells of the group', 'mean_group', 'number', inside(means)),
    known(
      'mean_outside',
      `Mean ${others}`,
      `Mean over all cells ${others}`,
      'mean_reference',
      'number',
      of.meanOutside,
    ),
  ];
  return { grouping, group, genes, columns: columns.filter((each) => each !== null) };
}

/** The grouping with tables of a group, and its number there; null if there is none. */
function groupInTables(
  { groupings }: GroupStatistics,
  info: Grouping,
  group: number,
): readonly [number, number] | null {
  if (info.tables === null) return null;
  const at = groupings[info.tables].categories.indexOf(info.categories[group]);
  return at < 0 ? null : [info.tables, at];
}

/** A column of a table, if there are such values. */
function known(
  ...[key, title, help, csv, style, values]: [
    ...about: [string, string, string, string, Style],
    values: Float32Array | Float64Array | null | undefined,
  ]
): MarkerColumn | null {
  return values ? markerColumn(key, title, help, csv, style, values) : null;
}

/** A column of a table. */
export function markerColumn(
  key: string,
  title: string,
  help: string,
  csv: string,
  style: Style,
  values: Float32Array | Float64Array,
): MarkerColumn {
  return { key, title, help, csv, style, values };
}

function scoreHelp({ file }: Grouping): string {
  if (!file) return 'The test’s statistic: z or t';
  return file.method === 'logreg' ? 'Coefficient of the regression' : 'The score in the file';
}

function outsideName({ reference }: Grouping): string {
  return reference === null ? 'outside' : 'in the reference';
}

/** The order in which a table is shown first. */
export function firstSort({ columns }: MarkerTable): Sort {
  const [{ key }] = columns;
  return { by: key === 'share' ? 'mean' : key, isFalling: true };
}

/** Rows in an order; values that are no number come last. Equal values keep the order of the ranking. */
export function sortRows(table: MarkerTable, names: readonly string[], { by, isFalling }: Sort): Uint32Array {
  const rows = Uint32Array.from(table.genes.keys());
  const sign = isFalling ? -1 : 1;
  if (by === GENE) {
    const { compare } = new Intl.Collator('en', { numeric: true });
    return rows.sort((a, b) => sign * compare(names[table.genes[a]], names[table.genes[b]]) || a - b);
  }
  const { values } = table.columns.find(({ key }) => key === by) ?? table.columns[0];
  return rows.sort((a, b) => {
    const [one, other] = [values[a], values[b]];
    if (Number.isNaN(one) || Number.isNaN(other))
      return Number(Number.isNaN(one)) - Number(Number.isNaN(other)) || a - b;
    return sign * (one - other) || a - b;
  });
}

/** The rows of genes whose name contains a text, in the order of `rows`. */
export function filterRows(
  table: MarkerTable,
  rows: Uint32Array,
  search: NameSearch,
  typed: string,
): Uint32Array {
  if (typed.trim() === '') return rows;
  const found = new Set(search.find(typed));
  return rows.filter((row) => found.has(table.genes[row]));
}

/** The text of a number in the table. */
export function markerText({ style, values }: MarkerColumn, row: number): string {
  return statisticText(values[row], style);
}

export function statisticText(value: number | null, style: Style): string {
  if (value === null || Number.isNaN(value)) return '—';
  if (style === 'share') return `${(100 * value).toFixed(1)} %`;
  // Of a double, no smaller p-value is left: it is not 0, but too small for one.
  if (style === 'p' && value === 0) return '< 1e−300';
  if (style === 'p') return formatTick(value).replace('-', '−');
  const size = Math.abs(value);
  const text = size >= 0.001 && size < 100 ? value.toPrecision(3) : formatRounded(value);
  return text.replace('-', '−');
}

/** All rows in an order, as CSV. */
export function tableCsv(table: MarkerTable, rows: Uint32Array, genes: GeneTable): string {
  return toCsv(tableColumns(table, rows, genes));
}

export function tableColumns(
  table: MarkerTable,
  rows: Uint32Array,
  { names, ids }: Pick<GeneTable, 'names' | 'ids'>,
): CsvColumn[] {
  const textsOf = (textOf: (row: number) => string) => Array.from(rows, textOf);
  const columns: CsvColumn[] = [{ header: 'names', texts: textsOf((row) => names[table.genes[row]]) }];
  if (ids) columns.push({ header: 'id', texts: textsOf((row) => ids[table.genes[row]]) });
  for (const { csv, values } of table.columns) {
    const isDouble = values instanceof Float64Array;
    columns.push({
      header: csv,
      texts: textsOf((row) => (isDouble ? doubleText(values[row]) : exactText(values[row]))),
    });
  }
  return columns;
}

function doubleText(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}
