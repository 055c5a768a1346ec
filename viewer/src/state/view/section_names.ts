import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle } from '../../bundle/bundle';
import type { Categories } from '../colouring/categories';
import type { CellFilters } from '../drawing/cell_filters';
import type { Codes, Mask } from '../filters/mask';
import type { EmbeddingView, ShownEmbedding } from './embedding_view';

/** A section that is laid out beside others, and the box of its shown cells, relative to the embedding's origin. */
export interface NamedSection {
  readonly code: number;
  readonly text: string;
  readonly left: number;
  readonly right: number;
  /** The edge that is drawn above the other. */
  readonly top: number;
  readonly bottom: number;
}

/** The names of sections that are laid out side by side. */
export class SectionNames {
  readonly on = signal(true);
  readonly #codes = signal<ReadonlyMap<number, Codes>>(new Map());

  /** The column of the sections of the shown embedding; null if they are not laid out, or the bundle lacks it. */
  readonly column: ReadonlySignal<number | null> = computed(() => {
    const name = this.view.solid.value ? undefined : this.view.embedding.value?.info.laidOutBy;
    const index = this.bundle.columns.findIndex((info) => info.name === name && info.kind === 'category');
    return index < 0 ? null : index;
  });

  /** The sections that have a shown cell; none if they are switched off, or not loaded. */
  readonly sections: ReadonlySignal<readonly NamedSection[]> = computed(() => {
    const column = this.column.value;
    const shown = this.view.embedding.value;
    if (column === null || !shown || !this.on.value) return [];
    const codes = this.#codes.value.get(column);
    if (!codes) return [];
    return sectionsOf(shown, codes, this.categories.namesOf(column), this.filters.mask.value);
  });

  constructor(
    readonly bundle: Bundle,
    private readonly view: EmbeddingView,
    private readonly filters: CellFilters,
    private readonly categories: Categories,
  ) {}

  /** Loads the column of the sections, if they are to be named. */
  async load(): Promise<void> {
    const column = this.column.peek();
    if (column === null || !this.on.peek() || this.#codes.peek().has(column)) return;
    const codes = await this.filters.codes(column);
    if (codes) this.#codes.value = new Map([...this.#codes.peek(), [column, codes]]);
  }
}

function sectionsOf(
  { positions, width, info }: ShownEmbedding,
  { codes, missing }: Codes,
  labels: readonly string[],
  mask: Mask,
): NamedSection[] {
  const left = new Float64Array(labels.length).fill(Infinity);
  const right = new Float64Array(labels.length).fill(-Infinity);
  const top = new Float64Array(labels.length).fill(Infinity);
  const bottom = new Float64Array(labels.length).fill(-Infinity);
  const down = info.yAxis === 'down' ? 1 : -1;
  for (let cell = 0; cell < codes.length; cell++) {
    const code = codes[cell];
    const [x, y] = [positions[cell * width], down * positions[cell * width + 1]];
    if (code === missing || (mask && mask[cell] === 0) || Number.isNaN(x + y)) continue;
    if (x < left[code]) left[code] = x;
    if (x > right[code]) right[code] = x;
    if (y < top[code]) top[code] = y;
    if (y > bottom[code]) bottom[code] = y;
  }
  return labels.flatMap((text, code) =>
    left[code] <= right[code]
      ? [
          {
            code,
            text,
            left: left[code],
            right: right[code],
            top: down * top[code],
            bottom: down * bottom[code],
          },
        ]
      : [],
  );
}
