import { BOOL_LABELS, type ColumnInfo, type ColumnValues } from '../../bundle/bundle';
import type { Paint } from '../colouring/paint';
import { formatRounded } from './format';

export const MISSING_TEXT = '—';

/** The value of a cell, from the whole column. `names` are those to show of its categories. */
export function valueText(values: ColumnValues, names: readonly string[], cell: number): string {
  if (values.kind === 'numbers') return numberText(values.values[cell]);
  const code = values.codes[cell];
  return code === values.missing ? MISSING_TEXT : (names[code] ?? MISSING_TEXT);
}

/** The value of a cell, from its colouring. `names` are those to show of its categories. */
export function paintedText(paint: Paint, names: readonly string[], cell: number): string {
  if (paint.kind === 'plain') return MISSING_TEXT;
  if (paint.kind === 'blend') return paint.genes.map(({ values }) => numberText(values[cell])).join(' + ');
  const value = paint.values[cell];
  if (paint.kind === 'number') return numberText(paint.base + value);
  return Number.isNaN(value) ? MISSING_TEXT : names[value];
}

/** Labels of a column with categories or bools, by code. */
export function labelsOf(info: ColumnInfo): readonly string[] {
  if (info.kind === 'category') return info.categories;
  return info.kind === 'bool' ? BOOL_LABELS : [];
}

function numberText(value: number): string {
  return Number.isNaN(value) ? MISSING_TEXT : formatRounded(value);
}
