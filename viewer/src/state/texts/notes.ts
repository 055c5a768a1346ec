import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle } from '../../bundle/bundle';
import type { Filters } from '../filters/filters';
import type { Codes } from '../filters/mask';

/** The notes of a bundle that are true of what is shown: sections do not overlap while they are shown apart. */
export class Notes {
  readonly #column: number;
  readonly #codes = signal<Codes | null>(null);
  readonly #later = signal<readonly string[]>([]);

  readonly shown: ReadonlySignal<readonly string[]> = computed(() => {
    const { notes, overlap } = this.bundle;
    const later = this.#later.value;
    if (!overlap || !(this.areApart(overlap.column) || this.#isOneSection.value)) return [...notes, ...later];
    return [...notes.filter((_, at) => at !== overlap.note), ...later];
  });

  readonly #isOneSection = computed(() => {
    const codes = this.#codes.value?.codes;
    const mask = this.filters.mask.value;
    if (!codes || !mask) return false;
    let first: number | null = null;
    for (let cell = 0; cell < codes.length; cell++) {
      if (mask[cell] === 0) continue;
      first ??= codes[cell];
      if (codes[cell] !== first) return false;
    }
    return true;
  });

  constructor(
    readonly bundle: Bundle,
    private readonly filters: Filters,
    /** Whether each section of a column has a panel of its own, or one of them is shown large. */
    private readonly areApart: (column: string) => boolean = () => false,
  ) {
    bundle.onNote?.((note) => (this.#later.value = [...this.#later.peek(), note]));
    this.#column = bundle.columns.findIndex(
      ({ name, kind }) => name === bundle.overlap?.column && kind === 'category',
    );
  }

  /** Loads the column of the sections, once cells are hidden. */
  async load(): Promise<void> {
    if (this.#column < 0 || this.#codes.peek() || !this.filters.mask.peek()) return;
    this.#codes.value = await this.filters.codes(this.#column);
  }
}
