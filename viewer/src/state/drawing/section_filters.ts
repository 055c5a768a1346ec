import { computed, type ReadonlySignal } from '@preact/signals-core';
import type { Filters } from '../filters/filters';
import { SHOWN, type Mask } from '../filters/mask';
import type { Part } from '../view/part';
import type { CellFilters } from './cell_filters';

/** The filters of the user within the section that is shown alone: which cells the stage shows. */
export class SectionFilters implements CellFilters {
  readonly hidden;
  readonly mask: ReadonlySignal<Mask> = computed(() => this.#within(this.filters.mask.value));
  readonly nShown: ReadonlySignal<number> = computed(() => {
    const [mask, part] = [this.filters.mask.value, this.part.value];
    if (!part) return this.filters.nShown.value;
    if (!mask) return part.end - part.start;
    let count = 0;
    for (let cell = part.start; cell < part.end; cell++) if (mask[cell] !== 0) count++;
    return count;
  });
  /** Of masks with and without filters, the same within the section. */
  readonly #known = computed(() => {
    void this.part.value;
    return new Map<Mask, Mask>();
  });

  constructor(
    readonly filters: Filters,
    readonly part: ReadonlySignal<Part | null>,
  ) {
    this.hidden = filters.hidden;
  }

  maskBeside(column: number): Mask {
    return this.#within(this.filters.maskBeside(column));
  }

  codes(column: number, signal?: AbortSignal) {
    return this.filters.codes(column, signal);
  }

  /** The shown cells, in ascending order. */
  shownCells(): Uint32Array<ArrayBuffer> {
    const part = this.part.peek();
    const cells = this.filters.shownCells();
    return part ? cells.filter((cell) => cell >= part.start && cell < part.end) : cells;
  }

  #within(mask: Mask): Mask {
    const part = this.part.value;
    if (!part) return mask;
    const known = this.#known.value;
    const found = known.get(mask);
    if (found) return found;
    const made = new Uint8Array(this.filters.bundle.nCells);
    if (mask) made.set(mask.subarray(part.start, part.end), part.start);
    else made.fill(SHOWN, part.start, part.end);
    // Few are in use at a time: that of all filters, and those beside the named and the coloured column.
    if (known.size > 3) known.clear();
    known.set(mask, made);
    return made;
  }
}
