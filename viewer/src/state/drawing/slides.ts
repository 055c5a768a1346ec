import { computed, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle, ImageInfo } from '../../bundle/bundle';
import type { Section, Slide } from '../../bundle/tissue';
import { isUnseen } from '../../bytes/http/consent';
import type { Mask } from '../filters/mask';
import type { EmbeddingView } from '../view/embedding_view';
import type { CellFilters } from './cell_filters';
import { SlideSettings } from './slide_settings';

/** So many are drawn at once, the largest in view: the others would be pictures of a few pixels. */
export const MOST_SLIDES = 64;

/** A slide whose place is known. */
export type PlacedSlide = Slide & { readonly toPixel: NonNullable<Slide['toPixel']> };

/** The slides under the cells that a view shows. */
export class Slides {
  /** Those that can be drawn: without a known place, a slide would mislead. */
  readonly all: readonly PlacedSlide[];
  /** Numbers of the slides that belong to this embedding. */
  readonly here: ReadonlySignal<readonly number[]> = computed(() => {
    const shown = this.view.embedding.value;
    if (!shown || this.view.solid.value) return [];
    return [...this.all.keys()].filter((each) => this.all[each].embedding === shown.index);
  });

  /** Numbers of the slides under the shown cells; of several that lie in one place, all. */
  readonly under: ReadonlySignal<readonly number[]> = computed(() =>
    this.here.value.filter((each) => this.#isUnderShown(this.all[each])),
  );

  /** Numbers of the slides to draw: one for each section. */
  readonly shown: ReadonlySignal<readonly number[]> = computed(() => this.chosen(this.under.value));

  /** Hosts of shown slides to which the user has not agreed. */
  readonly unseen: ReadonlySignal<readonly URL[]> = computed(() => this.unseenOf(this.shown.value));

  /** Numbers of the slides to draw now: those that need no consent, or have it. */
  readonly drawn: ReadonlySignal<readonly number[]> = computed(() => this.allowed(this.shown.value));

  constructor(
    readonly bundle: Bundle,
    private readonly view: EmbeddingView,
    private readonly filters: CellFilters,
    readonly settings = new SlideSettings(),
  ) {
    this.all = (bundle.tissue?.slides ?? []).filter((each): each is PlacedSlide => each.toPixel !== null);
  }

  /** Numbers of the slides with a section of their own, which the panels of a grid show. */
  inPanels(embedding: number): readonly number[] {
    const isOwn = (each: PlacedSlide) => each.section !== null && each.embedding === embedding;
    return [...this.all.keys()].filter((each) => isOwn(this.all[each]));
  }

  /** Of several slides that lie in one place, the one that the user chose. */
  chosen(under: readonly number[]): number[] {
    const bySection = new Map<number | null, number[]>();
    for (const each of under) {
      const { section } = this.all[each];
      bySection.set(section, [...(bySection.get(section) ?? []), each]);
    }
    const choice = this.settings.choice.value;
    return [...bySection.values()].map((several) => several[Math.min(choice, several.length - 1)]);
  }

  /** Those that need no consent, or have it. */
  allowed(shown: readonly number[]): number[] {
    void this.settings.allowed.value;
    return shown.filter((each) => {
      const { elsewhere } = this.all[each];
      return !elsewhere || !needsConsent(elsewhere);
    });
  }

  /** Hosts of the others. */
  unseenOf(shown: readonly number[]): URL[] {
    void this.settings.allowed.value;
    const urls = shown.map((each) => this.all[each].elsewhere).filter((url) => url !== undefined);
    return [...new Map(urls.filter(needsConsent).map((url) => [url.origin, url])).values()];
  }

  /** Whether a slide shows what a picture of the bundle shows more coarsely. */
  replaces(image: ImageInfo): boolean {
    return this.all.some(({ embedding, section }) => {
      if (embedding !== image.embedding) return false;
      const name = section === null ? undefined : this.#section(section)?.name;
      return section === null ? image.cells === null : !image.cells || image.cells.category === name;
    });
  }

  #section(number: number): Section | undefined {
    return this.bundle.tissue?.sections?.items[number];
  }

  #isUnderShown({ section, embedding }: Slide): boolean {
    if (section === null) return true;
    const item = this.#section(section);
    if (!item) return false;
    const column = this.bundle.tissue?.sections?.column;
    const own = countIn(this.filters.mask.value, item);
    if (this.bundle.embeddings[embedding].laidOutBy === column) return own > 0;
    // Sections lie on top of each other, unless there is only one.
    return own > 0 && own === this.filters.nShown.value;
  }
}

function countIn(mask: Mask, { start, end }: Section): number {
  if (!mask) return end - start;
  let count = 0;
  for (let cell = start; cell < end; cell++) count += mask[cell] === 0 ? 0 : 1;
  return count;
}

function needsConsent(url: URL): boolean {
  const page = (globalThis as { location?: { href?: string } }).location?.href;
  return page !== undefined && isUnseen(url, page);
}
