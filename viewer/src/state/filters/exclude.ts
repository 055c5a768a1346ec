import type { ColumnValues } from '../../bundle/bundle';
import type { Numbers } from '../../bytes/numbers';
import type { Cells } from '../selection/sets';
import { nWords, type Bits } from './bits';
import type { Filter } from './filter';
import { MISSING, type Codes } from './mask';

/** Codes of one or two bytes. */
const MOST_CODES = 2 ** 16 - 1;

/** The cells that a filter hides. `values` are those of the column or gene; a list of cells has none. */
export function excludedBy(filter: Filter, values: ColumnValues | undefined, nCells: number): Bits {
  if (filter.kind === 'cells') return byList(filter.cells, filter.isInside, nCells);
  if (filter.kind === 'categories' && values?.kind === 'codes') return byCategory(values, filter.hidden);
  if ('low' in filter && values?.kind === 'numbers') {
    const { low, high, withMissing } = filter;
    return byRange(values.values, low ?? -Infinity, high ?? Infinity, withMissing);
  }
  throw new TypeError(`a filter of kind ${filter.kind} cannot look at ${values?.kind}`);
}

function byCategory({ codes, missing }: Codes, hidden: ReadonlySet<number>): Bits {
  // A table, since ten million lookups in a set are slow.
  const mask = 2 ** (8 * codes.BYTES_PER_ELEMENT) - 1;
  if (mask > MOST_CODES || missing > mask) return byWideCategory({ kind: 'codes', codes, missing }, hidden);
  // With an entry for each possible code, -1 included: no branch, which the processor would often guess wrong.
  const table = tableOf(hidden, mask + 1);
  table[missing & mask] = Number(hidden.has(MISSING));
  const bits = new Uint32Array(nWords(codes.length));
  for (let word = 0, cell = 0; word < bits.length; word++) {
    const end = Math.min(32, codes.length - cell);
    let set = 0;
    for (let bit = 0; bit < end; bit++, cell++) set |= table[codes[cell] & mask] << bit;
    bits[word] = set;
  }
  return bits;
}

function byWideCategory({ codes, missing }: Codes, hidden: ReadonlySet<number>): Bits {
  const table = tableOf(hidden, highest(hidden) + 1);
  const withMissing = Number(hidden.has(MISSING));
  const bits = new Uint32Array(nWords(codes.length));
  for (let cell = 0; cell < codes.length; cell++) {
    const code = codes[cell];
    const isHidden = code === missing ? withMissing : code < table.length ? table[code] : 0;
    bits[cell >>> 5] |= isHidden << (cell & 31);
  }
  return bits;
}

/** A table with 1 for each hidden code. */
function tableOf(hidden: ReadonlySet<number>, length: number): Uint8Array {
  const table = new Uint8Array(length);
  for (const code of hidden) if (code !== MISSING) table[code] = 1;
  return table;
}

function highest(codes: ReadonlySet<number>): number {
  let most = MISSING;
  for (const code of codes) most = Math.max(most, code);
  return most;
}

function byRange(values: Numbers, low: number, high: number, withMissing: boolean): Bits {
  // Rounded as the values are: a value that is shown as 0.1 is at most 0.1.
  const isSingle = values instanceof Float32Array;
  const [from, to] = isSingle ? [Math.fround(low), Math.fround(high)] : [low, high];
  const missing = withMissing ? 0 : 1;
  const bits = new Uint32Array(nWords(values.length));
  for (let word = 0, cell = 0; word < bits.length; word++) {
    const end = Math.min(32, values.length - cell);
    let set = 0;
    for (let bit = 0; bit < end; bit++, cell++) {
      const value = values[cell];
      // Without a branch, which the processor would often guess wrong: the values are in no order.
      const isHidden = Number(value < from) | Number(value > to) | (Number(value !== value) & missing);
      set |= isHidden << bit;
    }
    bits[word] = set;
  }
  return bits;
}

function byList(cells: Cells, isInside: boolean, nCells: number): Bits {
  const bits = new Uint32Array(nWords(nCells));
  for (let at = 0; at < cells.length; at++) bits[cells[at] >>> 5] |= 1 << (cells[at] & 31);
  if (!isInside) return bits;
  for (let word = 0; word < bits.length; word++) bits[word] = ~bits[word];
  // No cells are behind the last one.
  if (nCells & 31) bits[bits.length - 1] &= (1 << (nCells & 31)) - 1;
  return bits;
}
