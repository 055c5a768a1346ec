import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle } from '../bundle/bundle';
import type { Colouring, PaintedCategories } from './colouring/colouring';
import { paintColumn } from './colouring/paint';

/** Whose categories are named over the cells. They stay while the cells are coloured by something else. */
export class CategoryNames {
  readonly on = signal(false);
  /** The chosen column; null: the one that cells are, or were last, coloured by. */
  readonly column = signal<number | null>(null);
  readonly #loaded = signal<PaintedCategories | null>(null);

  /** What is named; null where nothing is, or it is not loaded. */
  readonly named: ReadonlySignal<PaintedCategories | null> = computed(() => {
    if (!this.on.value) return null;
    const column = this.column.value;
    const last = this.colouring.lastCategories.value;
    if (column === null || column === last?.column) return last;
    return this.#loaded.value?.column === column ? this.#loaded.value : null;
  });

  constructor(
    readonly bundle: Bundle,
    readonly colouring: Colouring,
  ) {}

  /** Loads the column, if that is needed. */
  async choose(column: number | null): Promise<void> {
    const before = this.column.peek();
    this.column.value = column;
    if (column === null) {
      this.#loaded.value = null;
      return;
    }
    try {
      const values = await this.bundle.column(column);
      if (this.column.peek() !== column) return;
      const paint = paintColumn(this.bundle.columns[column], values);
      if (paint.kind === 'category') this.#loaded.value = { column, paint };
    } catch (error) {
      if (this.column.peek() === column) this.column.value = before;
      throw error;
    }
  }
}
