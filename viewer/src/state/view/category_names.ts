import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import { isAbort, Latest } from '../../bytes/shared';
import type { Bundle } from '../../bundle/bundle';
import type { Colouring, PaintedCategories } from '../colouring/colouring';
import { paintColumn } from '../colouring/paint';

/** The column whose categories are named over the cells, also while something else colours them. */
export class CategoryNames {
  readonly #latest = new Latest();
  readonly on = signal(false);
  /** The chosen column; null for the one that colours the cells, or did last. */
  readonly column = signal<number | null>(null);
  readonly #loaded = signal<PaintedCategories | null>(null);

  /** The named categories; null if there are none, or they are not loaded. */
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

  /** Chooses the column, and loads it if necessary. */
  async choose(column: number | null): Promise<void> {
    const before = this.column.peek();
    this.column.value = column;
    if (column === null) {
      this.#latest.abort();
      this.#loaded.value = null;
      return;
    }
    try {
      const values = await this.#latest.run((signal) => this.bundle.column(column, signal));
      if (this.column.peek() !== column) return;
      const paint = paintColumn(this.bundle.columns[column], values);
      if (paint.kind === 'category') this.#loaded.value = { column, paint };
    } catch (error) {
      if (!isAbort(error) && this.column.peek() === column) this.column.value = before;
      throw error;
    }
  }
}
