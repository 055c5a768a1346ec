import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Filters } from '../filters/filters';
import { combine, NO_CELLS, subtract, type Cells, type Mode } from './sets';

/** Cells that were selected by hand, in ascending order. */
export class Selection {
  readonly cells = signal<Cells>(NO_CELLS);
  readonly count: ReadonlySignal<number> = computed(() => this.cells.value.length);
  #queue: Promise<void> = Promise.resolve();

  /** Replaces the selection; `cells` must be ascending. */
  set(cells: Cells): void {
    if (cells.length > 0 || this.cells.peek().length > 0) this.cells.value = cells;
  }

  apply(mode: Mode, cells: Cells): void {
    const now = this.cells.peek();
    const next = combine(mode, now, cells);
    // What changes nothing is no step to undo.
    if (mode === 'replace' || next.length !== now.length) this.set(next);
  }

  /** Applies cells that are still being found, in the order in which they were asked for. */
  applyLater(mode: Mode, cells: Promise<Cells>): Promise<void> {
    const turn = this.#queue.then(async () => this.apply(mode, await cells));
    this.#queue = turn.catch(() => {});
    return turn;
  }

  clear(): void {
    this.set(NO_CELLS);
  }

  /** Selects the shown cells that are not selected. */
  invert(filters: Pick<Filters, 'shownCells'>): void {
    this.set(subtract(filters.shownCells(), this.cells.peek()));
  }

  /** Calls the listener with the selection, at once and whenever it changes. */
  subscribe(listener: (cells: Cells) => void): () => void {
    return this.cells.subscribe(listener);
  }
}
