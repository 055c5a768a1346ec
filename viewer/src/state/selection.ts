import { computed, signal, type ReadonlySignal } from '@preact/signals-core';

export type Cells = Uint32Array<ArrayBuffer>;

const NONE: Cells = new Uint32Array(0);

/** Cells that were selected by hand, in ascending order. */
export class Selection {
  readonly cells = signal<Cells>(NONE);
  readonly count: ReadonlySignal<number> = computed(() => this.cells.value.length);

  /** Replaces the selection; `cells` must be ascending. */
  set(cells: Cells): void {
    if (cells.length > 0 || this.cells.peek().length > 0) this.cells.value = cells;
  }

  add(cells: Cells): void {
    this.set(union(this.cells.peek(), cells));
  }

  clear(): void {
    this.set(NONE);
  }

  /** Calls the listener with the selection, at once and whenever it changes. */
  subscribe(listener: (cells: Cells) => void): () => void {
    return this.cells.subscribe(listener);
  }
}

/** Merges two ascending lists. */
export function union(one: Cells, other: Cells): Cells {
  const all = new Uint32Array(one.length + other.length);
  let [first, second, length] = [0, 0, 0];
  while (first < one.length || second < other.length) {
    const left = first < one.length ? one[first] : Infinity;
    const right = second < other.length ? other[second] : Infinity;
    all[length++] = Math.min(left, right);
    if (left <= right) first++;
    if (right <= left) second++;
  }
  return all.slice(0, length);
}
