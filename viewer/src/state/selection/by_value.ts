import type { CategoryPaint, NumberPaint } from '../colouring/paint';
import { MISSING, type Mask } from '../filters';
import { cellsWhere, type Cells } from './sets';

/** The shown cells of one category, or those without one. */
export function cellsOfCode({ values }: CategoryPaint, code: number, mask: Mask): Cells {
  if (code === MISSING)
    return cellsWhere(values.length, (cell) => Number.isNaN(values[cell]) && mask?.[cell] !== 0);
  return cellsWhere(values.length, (cell) => values[cell] === code && mask?.[cell] !== 0);
}

/** The shown cells with a value from `low` to `high`, both included. */
export function cellsBetween({ values, base }: NumberPaint, low: number, high: number, mask: Mask): Cells {
  // Rounded as the values are: a value that is shown as 0.1 is at least 0.1.
  const [from, to] = [Math.fround(low - base), Math.fround(high - base)];
  return cellsWhere(
    values.length,
    (cell) => values[cell] >= from && values[cell] <= to && mask?.[cell] !== 0,
  );
}
