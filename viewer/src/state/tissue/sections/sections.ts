import { batch, computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle, EmbeddingInfo } from '../../../bundle/bundle';
import type { Sections } from '../../../bundle/tissue';
import type { Filters } from '../../filters/filters';
import type { Size } from '../../view/camera';
import { arrange, nameOf, type FactValue, type SectionSort } from './arrange';
import { spanOf } from './frame';
import { isUpright, UPRIGHT, type Orientation } from './orientation';
import { PointsStore } from './points';
import { sectionOfCell } from './section_of';
import type { Part } from '../../view/part';

/** A panel for each section, or one picture: of the section that is shown large, or of all cells. */
export type SectionMode = 'grid' | 'stage';

/** With fewer sections there is nothing to compare. */
const LEAST_FOR_GRID = 2;
const BY_NAME: SectionSort = { by: 'name', isReversed: false };

/**
 * The sections of a tissue as the page shows them.
 *
 * `mode` says what fills the middle of the page. In mode `stage`, `section` is the one that is shown large, or null for
 * all cells; in mode `grid` it is null. `open`, `showAll` and `showGrid` change both.
 */
export class SectionsState {
  /** Null if the bundle has none. */
  readonly info: Sections | null;
  readonly points: PointsStore;
  readonly mode = signal<SectionMode>('stage');
  readonly section = signal<number | null>(null);
  /** The section that was large last, or whose panel has the focus: it gets the focus when the grid is shown. */
  readonly current = signal<number | null>(null);

  /** By section; those that are upright are absent. */
  readonly orientations = signal<ReadonlyMap<number, Orientation>>(new Map());

  readonly sort = signal<SectionSort>(BY_NAME);
  /** By column of the metadata, the values that are shown; columns without a choice are absent. */
  readonly chosen = signal<ReadonlyMap<number, ReadonlySet<FactValue>>>(new Map());
  readonly search = signal('');
  /** Whether each panel fits its own section; else all have the same scale. */
  readonly isFitted = signal(false);

  /** Numbers of the sections that have a panel, in order. */
  readonly list: ReadonlySignal<readonly number[]> = computed(() => {
    if (!this.info) return [];
    const [sort, chosen, search] = [this.sort.value, this.chosen.value, this.search.value];
    return arrange(this.info, { sort, chosen, search });
  });

  /** As they are turned, the widths and heights of the sections in the list. */
  readonly spans: ReadonlySignal<readonly Size[]> = computed(() => {
    const spot = this.embedding?.spotDiameter ?? 0;
    return this.list.value.map((each) => spanOf(this.info!.items[each], this.orientationOf(each), spot));
  });

  /**
   * Whether panels have the colours that come with their points, since those of the page are not loaded yet.
   */
  readonly usesCodes = signal(false);

  /** Fulfilled once the first panels in sight are there. */
  readonly seen: Promise<void>;
  readonly markSeen: () => void;

  /** Number of cells of each section that pass the filters. */
  readonly counts: ReadonlySignal<Uint32Array> = computed(() =>
    countIn(this.info?.items ?? [], this.filters.mask.value),
  );

  /** The section that is shown large. */
  readonly large: ReadonlySignal<Part | null> = computed(() => {
    const section = this.section.value;
    const item = section === null ? undefined : this.info?.items[section];
    if (!item) return null;
    const { start, end } = item;
    const orientation = this.orientationOf(section!);
    return { embedding: this.info!.embedding, section: section!, start, end, orientation };
  });

  constructor(
    readonly bundle: Bundle,
    private readonly filters: Filters,
  ) {
    this.info = bundle.tissue?.sections ?? null;
    let done = () => {};
    this.seen = new Promise((resolve) => (done = resolve));
    this.markSeen = done;
    this.points = new PointsStore(this.info);
    this.mode.value = this.usualMode;
  }

  /** The mode in which the bundle opens. */
  get usualMode(): SectionMode {
    return (this.info?.items.length ?? 0) >= LEAST_FOR_GRID ? 'grid' : 'stage';
  }

  /** The embedding in which the sections lie; null without sections. */
  get embedding(): EmbeddingInfo | null {
    return this.info ? this.bundle.embeddings[this.info.embedding] : null;
  }

  /** The name to show. */
  nameOf(section: number): string {
    return nameOf(this.info?.items[section]?.name ?? null);
  }

  orientationOf(section: number): Orientation {
    return this.orientations.value.get(section) ?? UPRIGHT;
  }

  orient(section: number, orientation: Orientation): void {
    const all = new Map(this.orientations.peek());
    if (isUpright(orientation)) all.delete(section);
    else all.set(section, orientation);
    this.orientations.value = all;
  }

  /** Whether sections are those of a column, and each has a panel of its own, or one of them is shown large. */
  areApartBy(column: string): boolean {
    return this.info?.column === column && (this.mode.value === 'grid' || this.section.value !== null);
  }

  /** Shows one section large. */
  open(section: number): void {
    if (!this.info?.items[section]) return;
    batch(() => {
      this.current.value = section;
      this.section.value = section;
      this.mode.value = 'stage';
    });
  }

  /** Shows all cells in one picture. */
  showAll(): void {
    batch(() => {
      this.section.value = null;
      this.mode.value = 'stage';
    });
  }

  showGrid(): void {
    if (!this.info) return;
    batch(() => {
      this.section.value = null;
      this.mode.value = 'grid';
    });
  }

  /** Shows the next section in the list large, or one before: `by` is a number of steps. */
  walk(by: number): void {
    const [list, section] = [this.list.peek(), this.section.peek()];
    if (section === null || list.length === 0) return;
    const at = list.indexOf(section);
    const next = at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + by));
    this.open(list[next]);
  }

  /** The section of a cell. */
  sectionOf(cell: number): number | null {
    return sectionOfCell(this.info?.items ?? [], cell);
  }

  /** Chooses whether sections with a value are shown; with none chosen, all are. */
  choose(column: number, value: FactValue, isChosen: boolean): void {
    const values = new Set(this.chosen.peek().get(column));
    if (isChosen) values.add(value);
    else values.delete(value);
    const all = new Map(this.chosen.peek());
    if (values.size === 0) all.delete(column);
    else all.set(column, values);
    this.chosen.value = all;
  }

  /** Shows the panels of all sections again. */
  showEverySection(): void {
    batch(() => {
      this.chosen.value = new Map();
      this.search.value = '';
    });
  }
}

function countIn(items: Sections['items'], mask: Uint8Array | null): Uint32Array {
  return Uint32Array.from(items, ({ start, end }) => {
    if (!mask) return end - start;
    let count = 0;
    for (let cell = start; cell < end; cell++) if (mask[cell] !== 0) count++;
    return count;
  });
}
