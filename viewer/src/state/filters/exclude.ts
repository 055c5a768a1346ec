import type { ColumnValues } from '../../bundle/bundle';
import type { Numbers } from '../../bytes/numbers';
import type { Cells } from '../selection/sets';
import type { Filter } from './filter';
import { MISSING, type Codes } from './mask';

/** A bit for each cell, 32 in a word: 1 if the filter hides the cell. */
export type Bits = Uint32Array<ArrayBuffer>;

export const nWords = (nCells: number) => Math.ceil(nCells / 32);

/** `values` are those of the column or gene; a list of cells has none. */
export function excludedBy(filter: Filter, values: ColumnValues | undefined, nCells: number): Bits {
  if (filter.kind === 'cells') return byList(filter.cells, nCells);
  if (filter.kind === 'categories' && values?.kind === 'codes') return byCategory(values, filter.hidden);
  if ('low' in filter && values?.kind === 'numbers') {
    const { low, high, withMissing } = filter;
    return byRange(values.values, low ?? -Infinity, high ?? Infinity, withMissing);
  }
  throw new TypeError(`a filter of kind ${filter.kind} cannot look at ${values?.kind}`);
}

function byCategory({ codes, missing }: Codes, hidden: ReadonlySet<number>): Bits {
  // A table, since ten million lookups in a set are slow.
  const table = tableOf(hidden);
  const withMissing = hidden.has(MISSING) ? 1 : 0;
  const bits = new Uint32Array(nWords(codes.length));
  for (let cell = 0; cell < codes.length; cell++) {
    const code = codes[cell];
    const isHidden = code === missing ? withMissing : code < table.length ? table[code] : 0;
    bits[cell >>> 5] |= isHidden << (cell & 31);
  }
  return bits;
}

/** A table with 1 for each hidden code, up to the highest of them. */
function tableOf(hidden: ReadonlySet<number>): Uint8Array {
  let highest = -1;
  for (const code of hidden) highest = Math.max(highest, code);
  const table = new Uint8Array(highest + 1);
  for (const code of hidden) if (code !== MISSING) table[code] = 1;
  return table;
}

function byRange(values: Numbers, low: number, high: number, withMissing: boolean): Bits {
  // Rounded as the values are: a value that is shown as 0.1 is at most 0.1.
  const isSingle = values instanceof Float32Array;
  const [from, to] = isSingle ? [Math.fround(low), Math.fround(high)] : [low, high];
  const bits = new Uint32Array(nWords(values.length));
  for (let cell = 0; cell < values.length; cell++) {
    const value = values[cell];
    const isShown = (value >= from && value <= to) || (withMissing && value !== value);
    bits[cell >>> 5] |= (isShown ? 0 : 1) << (cell & 31);
  }
  return bits;
}

function byList(cells: Cells, nCells: number): Bits {
  const bits = new Uint32Array(nWords(nCells)).fill(0xffffffff);
  for (let at = 0; at < cells.length; at++) bits[cells[at] >>> 5] &= ~(1 << (cells[at] & 31));
  // No cells are behind the last one.
  if (nCells & 31) bits[bits.length - 1] &= (1 << (nCells & 31)) - 1;
  return bits;
}
