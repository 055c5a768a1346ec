import type { Cells } from '../selection/sets';

interface Switched {
  /** Whether it is applied; a filter that is off is kept to be switched on again. */
  readonly isOn: boolean;
}

/** Hides categories of a column. */
export interface CategoryFilter extends Switched {
  readonly kind: 'categories';
  readonly column: number;
  /** Codes, and `MISSING`. */
  readonly hidden: ReadonlySet<number>;
}

/** Shows values between two bounds, both included. */
interface Bounds {
  /** Null: no bound. */
  readonly low: number | null;
  readonly high: number | null;
  /** Whether cells without a value are shown, too. */
  readonly withMissing: boolean;
}

export interface NumberFilter extends Switched, Bounds {
  readonly kind: 'number';
  readonly column: number;
}

export interface GeneFilter extends Switched, Bounds {
  readonly kind: 'gene';
  readonly gene: number;
  readonly name: string;
}

/** Shows the cells of a group, or all others. */
export interface CellsFilter extends Switched {
  readonly kind: 'cells';
  readonly name: string;
  readonly cells: Cells;
  readonly isInside: boolean;
}

export type RangeFilter = NumberFilter | GeneFilter;
export type Filter = CategoryFilter | RangeFilter | CellsFilter;

/** Names what is filtered. There is one filter for each. */
export type Key = string;

export const columnKey = (column: number): Key => `column ${column}`;
export const geneKey = (gene: number): Key => `gene ${gene}`;
export const cellsKey = (name: string): Key => `cells ${name}`;

export function keyOf(filter: Filter): Key {
  switch (filter.kind) {
    case 'gene':
      return geneKey(filter.gene);
    case 'cells':
      return cellsKey(filter.name);
    default:
      return columnKey(filter.column);
  }
}

/** A text that is the same for filters that do the same. */
export function stateOf(filter: Filter): string {
  const { isOn } = filter;
  switch (filter.kind) {
    case 'categories':
      return JSON.stringify([keyOf(filter), isOn, [...filter.hidden]]);
    case 'cells':
      return JSON.stringify([keyOf(filter), isOn, filter.cells.length, filter.isInside]);
    default:
      return JSON.stringify([keyOf(filter), isOn, filter.low, filter.high, filter.withMissing]);
  }
}

/** Whether a filter hides nothing whatever the values are, so that it need not be kept. */
export function isIdle(filter: Filter): boolean {
  if (filter.kind === 'categories') return filter.hidden.size === 0;
  if (filter.kind === 'cells') return false;
  return filter.low === null && filter.high === null && filter.withMissing;
}
