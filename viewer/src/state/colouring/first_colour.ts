import type { Bundle, ColumnInfo } from '../../bundle/bundle';
import { isPassedOver, labelRank, wordsOf } from '../../bundle/column_names';
import type { ColourBy } from './colouring';

/** A column with more categories than this is not the first colouring. */
const MOST_FIRST = 1000;
/** With more than this, a column without a promising name is used only if there is no other. */
const MOST_UNNAMED = 100;
/** Ranks after those of `labelRank`. */
const UNNAMED = 5;
const LAST = 6;

/**
 * The first colouring: a column of several categories, but not one for nearly every cell; else a flag or a number.
 * Unless somebody chose the order of the columns, it is the one with the most promising name, as in
 * `select/obs_columns/ranking.py`.
 */
export function firstColour({ columns, isOrdered }: Pick<Bundle, 'columns' | 'isOrdered'>): ColourBy {
  const labels = columns.filter((column) => nCategories(column) > 1 && nCategories(column) <= MOST_FIRST);
  const first =
    (isOrdered ? labels[0] : best(labels)) ??
    columns.find((column) => column.kind === 'bool' || (isOrdered && column.kind === 'number')) ??
    columns.find((column) => column.kind === 'number') ??
    columns.find((column) => nCategories(column) > 1);
  return first ? { by: 'column', index: columns.indexOf(first) } : { by: 'nothing' };
}

/** The column with the simplest name among those of the best rank; of equal ones the first. */
function best(labels: readonly ColumnInfo[]): ColumnInfo | undefined {
  const keys = labels.map((column) => [rank(column), nWords(column)]);
  const order = [...labels.keys()].sort(
    (a, b) => keys[a][0] - keys[b][0] || keys[a][1] - keys[b][1] || a - b,
  );
  return labels[order[0]];
}

function rank(column: ColumnInfo): number {
  if (isPassedOver(column.name)) return LAST;
  return labelRank(column.name) ?? (nCategories(column) > MOST_UNNAMED ? LAST : UNNAMED);
}

function nWords({ name }: ColumnInfo): number {
  return labelRank(name) === null ? 0 : wordsOf(name).split('_').length;
}

function nCategories(column: ColumnInfo): number {
  return column.kind === 'category' ? column.categories.length : 0;
}
