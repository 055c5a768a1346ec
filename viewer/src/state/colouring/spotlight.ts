import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { CellFilters } from '../drawing/cell_filters';
import { cellsOfCode } from '../selection/by_value';
import type { Cells } from '../selection/sets';
import type { Colouring } from './colouring';

/** A category of what colours the cells. */
interface Lit {
  readonly by: string;
  readonly code: number;
}

/** One category in the light: the others fade, but stay. It ends with the colours. */
export class Spotlight {
  readonly #held = signal<Lit | null>(null);
  /** The category whose button is pointed at or has the focus. */
  readonly pointed = signal<number | null>(null);

  /** The category that stays in the light; null for none. */
  readonly held: ReadonlySignal<number | null> = computed(() => {
    const held = this.#held.value;
    const { by, paint } = this.colouring.current.value;
    return held && paint.kind === 'category' && held.by === JSON.stringify(by) ? held.code : null;
  });

  /** The cells in the light; null if all are. */
  readonly cells: ReadonlySignal<Cells | null> = computed(() => {
    const code = this.pointed.value ?? this.held.value;
    const { paint } = this.colouring.current.value;
    if (code === null || paint.kind !== 'category') return null;
    return cellsOfCode(paint, code, this.filters.mask.value);
  });

  constructor(
    private readonly colouring: Colouring,
    private readonly filters: CellFilters,
  ) {}

  /** Keeps a category in the light; null ends it. */
  hold(code: number | null): void {
    this.#held.value = code === null ? null : { by: JSON.stringify(this.colouring.current.peek().by), code };
  }
}
