import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle, ColumnValues } from '../../bundle/bundle';
import type { CellTexts } from '../../bundle/cells/cell_texts';
import type { CategoryNames } from '../view/category_names';
import { MISSING_TEXT, paintedText, valueText } from './cell_value';
import { NOT_DETECTED, type Colouring } from '../colouring/colouring';
import type { Filters } from '../filters/filters';

/** Most rows of the tooltip: more would hide the cells around it. */
const MOST_ROWS = 12;
/** Most bytes to transfer when a cell is hovered; more is loaded on a click. */
const SMALL_NBYTES = 100_000;

export interface CellDetails {
  readonly cell: number;
  /** Null if it is not loaded. */
  readonly id: string | null;
  /** Rows for the gene and the columns; the text is null for a value that is not loaded. */
  readonly rows: readonly {
    readonly name: string;
    readonly text: string | null;
    readonly isCurrent: boolean;
  }[];
  /** Number of rows for which there is no room. */
  readonly nMore: number;
  /** Bytes that a click would load: null if unknown, 0 for nothing. */
  readonly lacking: number | null;
}

/** The contents of a cell's tooltip: values in memory, shown at once. */
export class Details {
  /** Columns that the user added. */
  readonly chosen = signal<readonly number[]>([]);
  readonly #values = new Map<number, ColumnValues>();
  /** Counts the texts that have arrived. */
  readonly #arrived = signal(0);

  /** Columns of the tooltip: of the colours first, then of filters, names and the chosen ones, in the order of obs. */
  readonly columns: ReadonlySignal<readonly number[]> = computed(() => {
    const { by } = this.colouring.current.value;
    const coloured = by.by === 'column' ? [by.index] : [];
    const named = this.names.named.value;
    const others = [...this.filters.columns.value, ...this.chosen.value];
    if (named) others.push(named.column);
    return [...new Set([...coloured, ...others.sort((one, other) => one - other)])];
  });

  constructor(
    readonly bundle: Bundle,
    readonly colouring: Colouring,
    readonly filters: Filters,
    readonly names: CategoryNames,
  ) {}

  /** Adds the columns at once, and loads their values. Texts are loaded by a click. */
  async choose(columns: readonly number[]): Promise<void> {
    this.chosen.value = columns;
    const isKept = (column: number) => this.chosen.peek().includes(column);
    for (const column of this.#values.keys()) if (!isKept(column)) this.#values.delete(column);
    await Promise.all(
      columns.map(async (column) => {
        if (this.#values.has(column) || this.bundle.columns[column].kind === 'string') return;
        try {
          const values = await this.bundle.column(column);
          if (isKept(column)) this.#values.set(column, values);
        } catch (error) {
          this.chosen.value = this.chosen.peek().filter((each) => each !== column);
          throw error;
        }
        this.#arrived.value++;
      }),
    );
  }

  of(cell: number): CellDetails {
    void this.#arrived.value;
    const { by, paint, label } = this.colouring.current.value;
    const rows = this.columns.value.map((column) => ({
      name: this.bundle.columns[column].name,
      text: this.#textOf(column, cell),
      isCurrent: by.by === 'column' && by.index === column,
    }));
    if (paint.kind === 'blend')
      rows.unshift(
        ...paint.genes.map(({ name, values }) => ({
          name,
          text: valueText({ kind: 'numbers', values }, [], cell),
          isCurrent: true,
        })),
      );
    else if (by.by === 'gene' || by.by === 'groups' || by.by === 'list')
      rows.unshift({
        name: label,
        text: this.#currentText(cell),
        isCurrent: true,
      });
    return {
      cell,
      id: known(this.bundle.ids, cell) ?? null,
      rows: rows.slice(0, MOST_ROWS),
      nMore: Math.max(0, rows.length - MOST_ROWS),
      lacking: this.#lacking(cell),
    };
  }

  #currentText(cell: number): string {
    const { namesZeros, hasGreyZeros, current, labels } = this.colouring;
    const { paint } = current.value;
    if (paint.kind === 'number' && namesZeros.value && hasGreyZeros.value && paint.values[cell] === 0)
      return NOT_DETECTED;
    return paintedText(paint, labels.value, cell);
  }

  /** Loads the id and the texts of a cell. */
  async load(cell: number, signal?: AbortSignal): Promise<void> {
    const lists = this.#lists().filter((texts) => known(texts, cell) === undefined);
    if (lists.length === 0) return;
    await Promise.all(lists.map((texts) => texts.get(cell, signal)));
    this.#arrived.value++;
  }

  /** Whether this is so little that it is loaded without a click. */
  isSmall(cell: number): boolean {
    const nbytes = this.#lacking(cell);
    return nbytes !== null && nbytes > 0 && nbytes <= SMALL_NBYTES;
  }

  #textOf(column: number, cell: number): string | null {
    const { bundle, colouring, names, filters } = this;
    const info = bundle.columns[column];
    if (info.kind === 'string') {
      const text = known(bundle.texts(column), cell);
      return text === undefined ? null : (text ?? MISSING_TEXT);
    }
    const shown = colouring.categories.namesOf(column);
    const { by, paint } = colouring.current.value;
    if (by.by === 'column' && by.index === column) return paintedText(paint, shown, cell);
    const named = names.named.value;
    if (named?.column === column) return paintedText(named.paint, shown, cell);
    const values = this.#values.get(column) ?? filters.valuesOf(column);
    return values ? valueText(values, shown, cell) : null;
  }

  #lists(): CellTexts[] {
    const { bundle, chosen } = this;
    const texts = chosen.value.filter((column) => bundle.columns[column].kind === 'string');
    return [bundle.ids, ...texts.map((column) => bundle.texts(column))];
  }

  #lacking(cell: number): number | null {
    let sum = 0;
    for (const texts of this.#lists()) {
      if (known(texts, cell) !== undefined) continue;
      const nbytes = nbytesOf(texts, cell);
      if (nbytes === null) return null;
      sum += Math.max(1, nbytes);
    }
    return sum;
  }
}

/** A damaged text counts as not loaded: the error appears when it is loaded. */
function known(texts: CellTexts, cell: number): string | null | undefined {
  try {
    return texts.known(cell);
  } catch {
    return undefined;
  }
}

function nbytesOf(texts: CellTexts, cell: number): number | null {
  try {
    return texts.nbytes(cell);
  } catch {
    return null;
  }
}
