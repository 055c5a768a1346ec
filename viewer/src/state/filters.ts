import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle, ColumnValues } from '../bundle/bundle';

/** Stands for the cells without a value, beside the codes of the categories. */
export const MISSING = -1;

export const SHOWN = 255;

export type Mask = Uint8Array<ArrayBuffer> | null;

export type Codes = Extract<ColumnValues, { kind: 'codes' }>;

interface HiddenCodes {
  readonly values: Codes;
  readonly hidden: ReadonlySet<number>;
}

/** The hidden categories of each column. A cell is shown if none of its categories is hidden. */
export class Filters {
  /** Hidden codes by column; columns without hidden codes are absent. */
  readonly hidden = signal<ReadonlyMap<number, ReadonlySet<number>>>(new Map());
  readonly #codes = new Map<number, Codes>();

  /** One byte per cell: `SHOWN` or 0; null if nothing is hidden. */
  readonly mask: ReadonlySignal<Mask> = computed(() => this.#maskOf([...this.hidden.value]));

  /** By column: the mask of the filters of all other columns, for the current filters. */
  readonly #others = computed(() => {
    const filters = [...this.hidden.value];
    const known = new Map<number, Mask>();
    return (column: number): Mask => {
      const others = filters.filter(([each]) => each !== column);
      if (others.length === filters.length) return this.mask.value;
      if (!known.has(column)) known.set(column, this.#maskOf(others));
      return known.get(column)!;
    };
  });

  readonly nShown: ReadonlySignal<number> = computed(() => {
    const mask = this.mask.value;
    if (!mask) return this.bundle.nCells;
    let count = 0;
    for (let cell = 0; cell < mask.length; cell++) if (mask[cell] === SHOWN) count++;
    return count;
  });

  constructor(readonly bundle: Bundle) {}

  /** The mask of the filters of all other columns. */
  maskBeside(column: number): Mask {
    return this.#others.value(column);
  }

  /** The codes of a column, which are then kept; null if it has none. */
  async codes(column: number): Promise<Codes | null> {
    const known = this.#codes.get(column);
    if (known) return known;
    const values = await this.bundle.column(column);
    if (values.kind !== 'codes') return null;
    this.#codes.set(column, values);
    return values;
  }

  /** The values of a column with a filter, now or before. */
  codesOf(column: number): Codes | undefined {
    return this.#codes.get(column);
  }

  /** Replaces the hidden codes of one column; loads its values. */
  async hide(column: number, codes: ReadonlySet<number>): Promise<void> {
    if (!(await this.codes(column))) return;
    const next = new Map(this.hidden.peek());
    if (codes.size === 0) next.delete(column);
    else next.set(column, new Set(codes));
    this.hidden.value = next;
  }

  /** The shown cells, in ascending order. */
  shownCells(): Uint32Array<ArrayBuffer> {
    const mask = this.mask.peek();
    const cells = new Uint32Array(this.nShown.peek());
    let count = 0;
    for (let cell = 0; cell < this.bundle.nCells; cell++) {
      if (!mask || mask[cell] === SHOWN) cells[count++] = cell;
    }
    return cells;
  }

  clear(): void {
    this.hidden.value = new Map();
  }

  #maskOf(filters: readonly (readonly [number, ReadonlySet<number>])[]): Mask {
    if (filters.length === 0) return null;
    return maskCells(
      this.bundle.nCells,
      filters.map(([column, hidden]) => ({ values: this.#codes.get(column)!, hidden })),
    );
  }
}

export function maskCells(nCells: number, filters: readonly HiddenCodes[]): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(nCells).fill(SHOWN);
  for (const { values, hidden } of filters) {
    const { codes, missing } = values;
    // A table, since ten million lookups in a set are slow.
    const off = tableOf(hidden);
    const withMissing = hidden.has(MISSING);
    for (let cell = 0; cell < nCells; cell++) {
      const code = codes[cell];
      if (code === missing ? withMissing : off[code] === 1) mask[cell] = 0;
    }
  }
  return mask;
}

/** A table with 1 for each hidden code, up to the highest of them. */
function tableOf(hidden: ReadonlySet<number>): Uint8Array {
  let highest = -1;
  for (const code of hidden) highest = Math.max(highest, code);
  const table = new Uint8Array(highest + 1);
  for (const code of hidden) if (code !== MISSING) table[code] = 1;
  return table;
}
