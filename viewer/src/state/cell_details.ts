import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle, ColumnValues } from '../bundle/bundle';
import type { CellTexts } from '../bundle/cell_texts';
import type { CategoryNames } from './category_names';
import { MISSING_TEXT, paintedText, valueText } from './cell_value';
import type { Colouring } from './colouring/colouring';
import type { Filters } from './filters';

/** Rows of the tooltip: more would hide the cells around. */
const MOST_ROWS = 12;
/** What hovering over a cell may transfer; more is loaded on a click. */
const SMALL_NBYTES = 100_000;

export interface CellDetails {
  readonly cell: number;
  /** Null: not loaded. */
  readonly id: string | null;
  /** Of the gene and the columns; the text of a value that is not loaded is null. */
  readonly rows: readonly {
    readonly name: string;
    readonly text: string | null;
    readonly isCurrent: boolean;
  }[];
  /** Rows for which there is no room. */
  readonly nMore: number;
  /** What a click would load, in bytes: null where that is not known, 0 for nothing. */
  readonly lacking: number | null;
}

/** What the tooltip says about a cell: what is in memory, and so at once. */
export class Details {
  /** Columns that the user added. */
  readonly chosen = signal<readonly number[]>([]);
  readonly #values = new Map<number, ColumnValues>();
  /** Counts what came. */
  readonly #arrived = signal(0);

  /** Those of the tooltip: of the colours first, then of filters, names and the chosen ones, in the order of obs. */
  readonly columns: ReadonlySignal<readonly number[]> = computed(() => {
    const { by } = this.colouring.current.value;
    const coloured = by.by === 'column' ? [by.index] : [];
    const named = this.names.named.value;
    const others = [...this.filters.hidden.value.keys(), ...this.chosen.value];
    if (named) others.push(named.column);
    return [...new Set([...coloured, ...others.sort((one, other) => one - other)])];
  });

  constructor(
    readonly bundle: Bundle,
    readonly colouring: Colouring,
    readonly filters: Filters,
    readonly names: CategoryNames,
  ) {}

  /** Takes the columns at once, and loads their values. Those of texts are loaded by a click. */
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
    if (by.by === 'gene') rows.unshift({ name: label, text: paintedText(paint, cell), isCurrent: true });
    return {
      cell,
      id: known(this.bundle.ids, cell) ?? null,
      rows: rows.slice(0, MOST_ROWS),
      nMore: Math.max(0, rows.length - MOST_ROWS),
      lacking: this.#lacking(cell),
    };
  }

  /** Loads the id and the texts of a cell. */
  async load(cell: number): Promise<void> {
    const lists = this.#lists().filter((texts) => known(texts, cell) === undefined);
    if (lists.length === 0) return;
    await Promise.all(lists.map((texts) => texts.get(cell)));
    this.#arrived.value++;
  }

  /** Whether that is so little that it need not be asked for. */
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
    const { by, paint } = colouring.current.value;
    if (by.by === 'column' && by.index === column) return paintedText(paint, cell);
    const named = names.named.value;
    if (named?.column === column) return paintedText(named.paint, cell);
    const values = this.#values.get(column) ?? filters.codesOf(column);
    return values ? valueText(info, values, cell) : null;
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

/** What is wrong with a bundle is said when it is loaded, and not here. */
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
