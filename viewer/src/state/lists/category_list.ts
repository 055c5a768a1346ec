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

/**
 * All categories and the cells without one, or those whose name contains the text, ignoring case: the data's own
 * name, or the one that is shown. `order` has the codes in the order to list them.
 */
export function listCategories(
  paint: CategoryPaint,
  typed: string,
  names: readonly string[] = paint.labels,
  order: Uint32Array | null = naturalOrder(paint.labels),
): CategoryList {
  const { labels, nMissing } = paint;
  const wanted = typed.trim().toLowerCase();
  const hasMissing = nMissing > 0;
  if (wanted === '') {
    const found = labels.length + Number(hasMissing);
    const code = (row: number) => (row < labels.length ? (order?.[row] ?? row) : MISSING);
    return { count: Math.min(found, MOST_ROWS), found, code };
  }
  const codes = new Int32Array(labels.length + 1);
  let found = 0;
  for (let row = 0; row < labels.length; row++) {
    const code = order?.[row] ?? row;
    const isFound =
      labels[code].toLowerCase().includes(wanted) ||
      (names !== labels && names[code].toLowerCase().includes(wanted));
    if (isFound) codes[found++] = code;
  }
  if (hasMissing && MISSING_LABEL.includes(wanted)) codes[found++] = MISSING;
  return { count: Math.min(found, MOST_ROWS), found, code: (row) => codes[row] };
}

export const MISSING_LABEL = 'missing';

/** All codes of a legend except one, or all of them for null. */
export function codesBut(paint: CategoryPaint, kept: number | null): Set<number> {
  const codes = new Set<number>();
  for (let code = 0; code < paint.labels.length; code++) if (code !== kept) codes.add(code);
  if (paint.nMissing > 0 && kept !== MISSING) codes.add(MISSING);
  return codes;
}
