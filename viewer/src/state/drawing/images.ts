import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle, ImageInfo } from '../../bundle/bundle';
import { MISSING, type Codes, type Mask } from '../filters/mask';
import type { EmbeddingView } from '../view/embedding_view';
import type { CellFilters } from './cell_filters';

/** So many are drawn at once, the largest in view: more would fill the memory of a phone. */
export const MOST_IMAGES = 24;

/** Number of shown cells of each category; the last is for cells without one. */
type Counts = Uint32Array;

/**
 * Finds the tissue images that lie under the shown cells. If sections overlap, an image belongs to
 * its own cells, and is shown only while no other cells are. If sections are laid out side by side, each image lies
 * under its own cells.
 */
export class Images {
  /** Numbers of the images that belong to this embedding. */
  readonly here: ReadonlySignal<readonly number[]> = computed(() => {
    const shown = this.view.embedding.value;
    if (!shown || this.view.solid.value) return [];
    return this.#all.filter((each) => this.image(each).embedding === shown.index);
  });

  /** Whether the cells of an image must be selected by a filter to see it. */
  readonly areChosen: ReadonlySignal<boolean> = computed(() =>
    this.here.value.some((each) => this.#lies(this.image(each)) === 'alone'),
  );

  /** Numbers of the images that are shown now. */
  readonly shown: ReadonlySignal<readonly number[]> = computed(() =>
    this.here.value.filter((each) => this.#isShown(this.image(each))),
  );

  readonly #all: readonly number[];
  readonly #codes = signal<ReadonlyMap<string, Codes>>(new Map());
  readonly #counts = computed(() => {
    const counts = new Map<string, Counts>();
    for (const [name, codes] of this.#codes.value)
      counts.set(name, countCodes(codes, this.#labels(name).length, this.filters.mask.value));
    return counts;
  });

  constructor(
    readonly bundle: Bundle,
    private readonly view: EmbeddingView,
    private readonly filters: CellFilters,
  ) {
    this.#all = [...bundle.images.keys()].filter((each) => bundle.images[each].placement !== null);
  }

  image(number: number): ImageInfo {
    return this.bundle.images[number];
  }

  /** Loads the columns that tell which cells belong to the images of this embedding. */
  async load(): Promise<void> {
    const names = new Set(this.here.peek().map((each) => this.image(each).cells?.column));
    for (const name of names) {
      if (name === undefined || this.#codes.peek().has(name)) continue;
      const column = this.column(name);
      const codes = column === null ? null : await this.filters.codes(column);
      if (codes) this.#codes.value = new Map([...this.#codes.peek(), [name, codes]]);
    }
  }

  /** The column with a name, if it has categories. */
  column(name: string): number | null {
    const index = this.bundle.columns.findIndex(
      (column) => column.name === name && column.kind === 'category',
    );
    return index < 0 ? null : index;
  }

  /** The categories to hide, so that only the cells of an image are shown. */
  othersOf(number: number): Set<number> {
    const { cells } = this.image(number);
    const labels = cells ? this.#labels(cells.column) : [];
    const others = new Set([...labels.keys()].filter((code) => labels[code] !== cells?.category));
    if (cells?.category !== null) others.add(MISSING);
    return others;
  }

  #lies({ cells, embedding }: ImageInfo): 'under all' | 'beside' | 'alone' {
    if (!cells) return 'under all';
    return this.bundle.embeddings[embedding].laidOutBy === cells.column ? 'beside' : 'alone';
  }

  #isShown(image: ImageInfo): boolean {
    const { cells } = image;
    if (!cells) return true;
    const counts = this.#counts.value.get(cells.column);
    const lies = this.#lies(image);
    // Unknown, or not loaded: an image beside the others lies under its own cells only.
    if (!counts) return lies === 'beside';
    const labels = this.#labels(cells.column);
    const code = cells.category === null ? labels.length : labels.indexOf(cells.category);
    const own = counts[code] ?? 0;
    return own > 0 && (lies === 'beside' || own === this.filters.nShown.value);
  }

  #labels(name: string): readonly string[] {
    const info = this.bundle.columns.find((column) => column.name === name);
    return info?.kind === 'category' ? info.categories : [];
  }
}

function countCodes({ codes, missing }: Codes, nLabels: number, mask: Mask): Counts {
  const counts = new Uint32Array(nLabels + 1);
  for (let cell = 0; cell < codes.length; cell++) {
    if (mask && mask[cell] === 0) continue;
    counts[codes[cell] === missing ? nLabels : codes[cell]]++;
  }
  return counts;
}
