import { batch, computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle } from '../../bundle/bundle';
import type { CellFilters } from '../drawing/cell_filters';
import type { StartWorker } from '../filters/service';
import { countCombinations, paintBlend, type Combinations } from '../genes/blend';
import { aboutList, listLabel, listValues, type ByList } from '../genes/list_values';
import { paintGroups } from '../selection/group_paint';
import type { Groups } from '../selection/groups';
import { countShown } from '../lists/shown_counts';
import { Categories } from './categories';
import { paintColumn, paintGene, paintNumbers, type CategoryPaint, type Paint } from './paint';
import { lookupTable } from './palette';
import { around, upTo, usualMiddle, type Scale } from './scale';
import { isDiverging, schemeColors, type Scheme } from './schemes';
import { quantile, summarise, type NumberSummary } from './summary';

/** What zeros of a gene are called on request. */
export const NOT_DETECTED = 'not detected';
/** The label of the colours of the user's groups. */
export const GROUPS_LABEL = 'My groups';

export type ColourBy =
  | { readonly by: 'nothing' }
  | { readonly by: 'column'; readonly index: number }
  | { readonly by: 'gene'; readonly index: number }
  | { readonly by: 'groups' }
  | ByList
  /** Two or three genes, mixed. */
  | { readonly by: 'blend'; readonly genes: readonly number[] };

/** What colours the cells. */
interface Coloured {
  readonly by: ColourBy;
  readonly paint: Paint;
  readonly label: string;
  /** What the values are, if the label does not say it all. */
  readonly about?: string;
  /** The genes that a score compares with. */
  readonly control?: readonly number[];
}

/** A column whose categories colour the cells, or did before. */
export interface PaintedCategories {
  readonly column: number;
  readonly paint: CategoryPaint;
}

export type Range = readonly [number, number];

/** The current colouring. `by` and `paint` change together, once the values are loaded. */
export class Colouring {
  readonly wanted = signal<ColourBy>({ by: 'nothing' });
  readonly current = signal<Coloured>({
    by: { by: 'nothing' },
    paint: { kind: 'plain' },
    label: '',
  });
  /** The column of categories that colours the cells, or did last. */
  readonly lastCategories = signal<PaintedCategories | null>(null);
  /** The range that the user set; null for the whole extent. */
  readonly chosenRange = signal<Range | null>(null);
  /** The ranges that the user set of the genes of a blend; null for the whole extent. */
  readonly chosenBlend = signal<readonly (Range | null)[]>([]);
  /** How many genes of a list are loaded, and of how many, while that goes on. */
  readonly progress = signal<{ readonly done: number; readonly total: number } | null>(null);
  #loading = new AbortController();
  readonly scheme = signal<Scheme>('viridis');
  /** Whether the colours of numbers go from high to low. */
  readonly isReversed = signal(false);
  /** How numbers are spread over the colours. */
  readonly scale = signal<Scale>('linear');
  /** The value in the middle of a diverging map that the user set; null for the usual one. */
  readonly chosenMiddle = signal<number | null>(null);
  /** Whether cells that do not express the gene are grey instead of having the lowest colour. */
  readonly greyZeros = signal(true);
  /** Whether grey zeros are called “not detected”, also in the tooltip. */
  readonly namesZeros = signal(false);

  /** Whether the current colouring has grey zeros. */
  readonly hasGreyZeros: ReadonlySignal<boolean> = computed(() => {
    const { paint } = this.current.value;
    if (paint.kind === 'blend') return true;
    return this.greyZeros.value && paint.kind === 'number' && paint.nZero !== null;
  });

  /** A summary of the cells that pass the filters; null if cells are not coloured by numbers. */
  readonly summary: ReadonlySignal<NumberSummary | null> = computed(() => {
    const { paint } = this.current.value;
    if (paint.kind !== 'number') return null;
    return summarise(paint, this.filters.mask.value, this.domain.value, this.scale.value);
  });

  /** Shown cells by the genes of a blend that they express; null if cells are not coloured by one. */
  readonly combinations: ReadonlySignal<Combinations | null> = computed(() => {
    const { paint } = this.current.value;
    return paint.kind === 'blend' ? countCombinations(paint, this.filters.mask.value) : null;
  });

  /** The ranges of the genes of a blend. */
  readonly blendRanges: ReadonlySignal<readonly Range[]> = computed(() => {
    const { paint } = this.current.value;
    if (paint.kind !== 'blend') return [];
    return paint.genes.map(({ extent }, gene) => this.chosenBlend.value[gene] ?? extent);
  });

  /** Number of shown cells without a value. */
  readonly nMissing: ReadonlySignal<number> = computed(() => {
    const { paint } = this.current.value;
    if (paint.kind === 'plain' || paint.nMissing === 0) return 0;
    if (paint.kind === 'category') return countShown(paint, this.filters.mask.value).nMissing;
    return (this.summary.value ?? this.combinations.value)?.nMissing ?? 0;
  });

  /** The value of the middle colour of a diverging map; null for other maps. */
  readonly middle: ReadonlySignal<number | null> = computed(() => {
    const { paint } = this.current.value;
    if (paint.kind !== 'number' || !paint.extent || !isDiverging(this.scheme.value)) return null;
    return this.chosenMiddle.value ?? usualMiddle(paint.extent, this.scale.value);
  });

  /** The values with the lowest and the highest colour; on both sides of a middle there is as much room. */
  readonly range: ReadonlySignal<Range> = computed(() => this.#symmetric(this.chosenRange.value));

  /** The values that the range can be chosen from. */
  readonly domain: ReadonlySignal<Range> = computed(() => this.#symmetric(null));

  /** What cells without the gene are called; null if they look like others. */
  readonly zeroName: ReadonlySignal<string | null> = computed(() => {
    if (!this.hasGreyZeros.value) return null;
    return this.namesZeros.value ? NOT_DETECTED : 'not expressed';
  });

  /** Colours as `#rrggbb` or `rgb(…)`: one for each category, or 256 steps of the scheme. */
  readonly colors: ReadonlySignal<readonly string[]> = computed(() => {
    const { by, paint } = this.current.value;
    if (paint.kind === 'category')
      return by.by === 'column' ? this.categories.colorsOf(by.index, paint.counts) : (paint.colors ?? []);
    return schemeColors(this.scheme.value, this.isReversed.value);
  });
  /** The names to show of the categories that colour the cells; none for numbers. */
  readonly labels: ReadonlySignal<readonly string[]> = computed(() => {
    const { by, paint } = this.current.value;
    if (by.by === 'column' && paint.kind === 'category') return this.categories.namesOf(by.index);
    return paint.kind === 'category' ? paint.labels : [];
  });
  readonly table: ReadonlySignal<Uint8Array<ArrayBuffer>> = computed(() => lookupTable(this.colors.value));

  constructor(
    readonly bundle: Bundle,
    readonly filters: CellFilters,
    readonly groups: Groups,
    readonly startWorker?: StartWorker,
    readonly categories = new Categories(bundle),
  ) {}

  /** Colours by something else, and gives up what is being loaded for an earlier choice. */
  async choose(by: ColourBy): Promise<void> {
    const before = this.#loading;
    const loading = (this.#loading = new AbortController());
    this.wanted.value = by;
    try {
      const begun = this.#load(by, loading.signal);
      // Only now, as both may wait for the same values.
      before.abort();
      const next = await begun;
      // Another choice may have been made while this one was loading.
      if (this.wanted.peek() !== by) return;
      batch(() => {
        this.chosenRange.value = null;
        this.chosenMiddle.value = null;
        this.chosenBlend.value = [];
        this.current.value = { by, ...next };
        const { paint } = next;
        if (by.by === 'column' && paint.kind === 'category')
          this.lastCategories.value = { column: by.index, paint };
      });
    } catch (error) {
      // Nobody waits for what was cancelled.
      if (loading.signal.aborted) return;
      if (this.wanted.peek() === by) this.wanted.value = this.current.peek().by;
      throw error;
    } finally {
      if (this.#loading === loading) this.progress.value = null;
    }
  }

  /** Stops loading: the cells keep their colours. */
  cancel(): void {
    this.#loading.abort();
    this.wanted.value = this.current.peek().by;
  }

  /** Sets the range; of a diverging map to the end that was changed, and as far on the other side of the middle. */
  setRange(next: Range): void {
    const [middle, now] = [this.middle.peek(), this.range.peek()];
    const end = next[0] === now[0] ? next[1] : next[0];
    if (middle === null) this.chosenRange.value = next;
    else if (end !== middle) this.chosenRange.value = upTo(end, middle, this.scale.peek());
  }

  #symmetric(chosen: Range | null): Range {
    const { paint } = this.current.value;
    const range = chosen ?? (paint.kind === 'number' ? paint.extent : null) ?? [0, 1];
    const middle = this.middle.value;
    return middle === null ? range : around(middle, range, this.scale.value);
  }

  /** Sets the range to two percentiles of the shown cells with a value, or of those that express the gene. */
  cutAt(share: number): void {
    const { paint } = this.current.peek();
    if (paint.kind !== 'number' || !paint.extent) return;
    const mask = this.filters.mask.peek();
    const [low, high] = [quantile(paint, share, mask), quantile(paint, 1 - share, mask)];
    // If most cells share one value the ends may coincide, and without cells there are none: then do not cut.
    this.chosenRange.value = low < high ? [low, high] : null;
  }

  async #load(by: ColourBy, signal: AbortSignal): Promise<Omit<Coloured, 'by'>> {
    switch (by.by) {
      case 'nothing':
        return { paint: { kind: 'plain' }, label: '' };
      case 'column': {
        const info = this.bundle.columns[by.index];
        return { paint: paintColumn(info, await this.bundle.column(by.index, signal)), label: info.name };
      }
      case 'groups':
        return { paint: paintGroups(this.groups.list.peek(), this.bundle.nCells), label: GROUPS_LABEL };
      case 'gene': {
        const [genes, values] = await Promise.all([
          this.bundle.genes(signal),
          this.bundle.expression(by.index, signal),
        ]);
        return { paint: paintGene(values), label: genes.names[by.index] };
      }
      case 'list': {
        const onProgress = (done: number, total: number) => (this.progress.value = { done, total });
        const found = await listValues(this.bundle, by, signal, onProgress, this.startWorker);
        const { values, control } = found;
        const paint = by.method === 'mean' ? paintGene(values) : paintNumbers(values);
        const about = aboutList(by, control);
        return { paint, label: listLabel(by), about, ...(control && { control: control.genes }) };
      }
      case 'blend': {
        const { names } = await this.bundle.genes(signal);
        const values = await Promise.all(by.genes.map((gene) => this.bundle.expression(gene, signal)));
        const paint = paintBlend(by.genes.map((gene, at) => ({ name: names[gene], values: values[at] })));
        return { paint, label: by.genes.map((gene) => names[gene]).join(' + ') };
      }
    }
  }
}
