import { MISSING } from '../filters/mask';
import type { CategoryPaint } from '../colouring/paint';
import { naturalOrder } from './natural_order';

/** Longest list: browsers cannot position rows beyond it. The rest can be found by searching. */
export const MOST_ROWS = 500_000;

/** The rows of a legend: codes of categories, and `MISSING`. */
export interface CategoryList {
  readonly count: number;
  /** More than `count` if the list would be too long. */
  readonly found: number;
  readonly code: (row: number) => number;
}

/** All categories and the cells without one, or those whose name contains the text, ignoring case. */
export function listCategories(paint: CategoryPaint, typed: string): CategoryList {
  const { labels, nMissing } = paint;
  const wanted = typed.trim().toLowerCase();
  const hasMissing = nMissing > 0;
  const order = naturalOrder(labels);
  if (wanted === '') {
    const found = labels.length + Number(hasMissing);
    const code = (row: number) => (row < labels.length ? (order?.[row] ?? row) : MISSING);
    return { count: Math.min(found, MOST_ROWS), found, code };
  }
  const codes = new Int32Array(labels.length + 1);
  let found = 0;
  for (let row = 0; row < labels.length; row++) {
    const code = order?.[row] ?? row;
    if (labels[code].toLowerCase().includes(wanted)) codes[found++] = code;
  }
  if (hasMissing && labelOf(paint, MISSING).includes(wanted)) codes[found++] = MISSING;
  return { count: Math.min(found, MOST_ROWS), found, code: (row) => codes[row] };
}

export function labelOf(paint: CategoryPaint, code: number): string {
  return code === MISSING ? 'missing' : paint.labels[code];
}

/** All codes of a legend except one, or all of them for null. */
export function codesBut(paint: CategoryPaint, kept: number | null): Set<number> {
  const codes = new Set<number>();
  for (let code = 0; code < paint.labels.length; code++) if (code !== kept) codes.add(code);
  if (paint.nMissing > 0 && kept !== MISSING) codes.add(MISSING);
  return codes;
}
