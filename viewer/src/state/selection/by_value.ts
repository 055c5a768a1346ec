import type { CategoryPaint, NumberPaint } from '../colouring/paint';
import { MISSING, type Mask } from '../filters/mask';
import { cellsWhere, type Cells } from './sets';

/** The shown cells of one category, or those without one. */
export function cellsOfCode({ values }: CategoryPaint, code: number, mask: Mask): Cells {
  if (code !== MISSING) return within(values, code, code, mask);
  return cellsWhere(values.length, (cell) => Number.isNaN(values[cell]) && mask?.[cell] !== 0);
}

/** The shown cells with a value from `low` to `high`, both included. */
export function cellsBetween({ values, base }: NumberPaint, low: number, high: number, mask: Mask): Cells {
  // Rounded as the values are: a value that is shown as 0.1 is at least 0.1.
  return within(values, Math.fround(low - base), Math.fround(high - base), mask);
}

function within(values: Float32Array, from: number, to: number, mask: Mask): Cells {
  // Each cell is written before it is known whether it is kept: that is faster than a branch.
  const cells = new Uint32Array(values.length + 1);
  let length = 0;
  for (let cell = 0; cell < values.length; cell++) {
    cells[length] = cell;
    length += Number(values[cell] >= from) & Number(values[cell] <= to);
  }
  if (!mask) return cells.slice(0, length);
  let shown = 0;
  for (let at = 0; at < length; at++) if (mask[cells[at]] !== 0) cells[shown++] = cells[at];
  return cells.slice(0, shown);
}
