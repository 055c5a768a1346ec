import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Filters } from '../filters/filters';
import { joined, type Region } from './regions/region';
import { combine, NO_CELLS, subtract, type Cells, type Mode } from './sets';

/** Cells that were selected by hand, in ascending order. */
export class Selection {
  readonly cells = signal<Cells>(NO_CELLS);
  readonly count: ReadonlySignal<number> = computed(() => this.cells.value.length);
  #queue: Promise<void> = Promise.resolve();
  readonly #drawn = signal<{ readonly cells: Cells; readonly region: Region } | null>(null);
  /** The outline within which exactly these cells were selected; null if they were chosen in other ways. */
  readonly region: ReadonlySignal<Region | null> = computed(() => {
    const drawn = this.#drawn.value;
    return drawn?.cells === this.cells.value ? drawn.region : null;
  });

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
  applyLater(mode: Mode, cells: Promise<Cells>, region: Region | null = null): Promise<void> {
    const turn = this.#queue.then(async () => this.#applyRegion(mode, await cells, region));
    this.#queue = turn.catch(() => {});
    return turn;
  }

  /** A drawn region stays one as long as others are only added to it. */
  #applyRegion(mode: Mode, cells: Cells, region: Region | null): void {
    const [before, isFirst] = [this.region.peek(), this.cells.peek().length === 0];
    const isAlone = mode === 'replace' || (mode === 'add' && isFirst);
    const outline = isAlone ? region : mode === 'add' && region && before ? joined(before, region) : null;
    this.apply(mode, cells);
    this.#drawn.value = outline && { cells: this.cells.peek(), region: outline };
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
