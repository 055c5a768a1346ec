import { batch, computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle } from '../../bundle/bundle';
import type { Filters } from '../filters/filters';
import { paintGroups } from '../selection/group_paint';
import type { Groups } from '../selection/groups';
import { countShown } from '../lists/shown_counts';
import { paintColumn, paintGene, type CategoryPaint, type Paint } from './paint';
import { categoryColors, lookupTable, schemeColors, type Scheme } from './palette';
import { quantile, summarise, type NumberSummary } from './summary';

/** The label of the colours of the user's groups. */
export const GROUPS_LABEL = 'My groups';

export type ColourBy =
  | { readonly by: 'nothing' }
  | { readonly by: 'column'; readonly index: number }
  | { readonly by: 'gene'; readonly index: number }
  | { readonly by: 'groups' };

/** A column whose categories colour the cells, or did before. */
export interface PaintedCategories {
  readonly column: number;
  readonly paint: CategoryPaint;
}

export type Range = readonly [number, number];

/** The current colouring. `by` and `paint` change together, once the values are loaded. */
export class Colouring {
  readonly wanted = signal<ColourBy>({ by: 'nothing' });
  readonly current = signal<{ by: ColourBy; paint: Paint; label: string }>({
    by: { by: 'nothing' },
    paint: { kind: 'plain' },
    label: '',
  });
  /** The column of categories that colours the cells, or did last. */
  readonly lastCategories = signal<PaintedCategories | null>(null);
  /** The range that the user set; null for the whole extent. */
  readonly chosenRange = signal<Range | null>(null);
  readonly scheme = signal<Scheme>('viridis');
  /** Whether cells that do not express the gene are grey instead of having the lowest colour. */
  readonly greyZeros = signal(true);

  /** Whether the current colouring has grey zeros. */
  readonly hasGreyZeros: ReadonlySignal<boolean> = computed(() => {
    const { paint } = this.current.value;
    return this.greyZeros.value && paint.kind === 'number' && paint.nZero !== null;
  });

  /** A summary of the cells that pass the filters; null if cells are not coloured by numbers. */
  readonly summary: ReadonlySignal<NumberSummary | null> = computed(() => {
    const { paint } = this.current.value;
    return paint.kind === 'number' ? summarise(paint, this.filters.mask.value) : null;
  });

  /** Number of shown cells without a value. */
  readonly nMissing: ReadonlySignal<number> = computed(() => {
    const { paint } = this.current.value;
    if (paint.kind === 'plain' || paint.nMissing === 0) return 0;
    if (paint.kind === 'category') return countShown(paint, this.filters.mask.value).nMissing;
    return this.summary.value?.nMissing ?? 0;
  });

  readonly range: ReadonlySignal<Range> = computed(() => {
    const { paint } = this.current.value;
    const extent = paint.kind === 'number' ? paint.extent : null;
    return this.chosenRange.value ?? extent ?? [0, 1];
  });

  /** Colours as `#rrggbb` or `rgb(…)`: one for each category, or 256 steps of the scheme. */
  readonly colors: ReadonlySignal<readonly string[]> = computed(() => {
    const { paint } = this.current.value;
    if (paint.kind === 'category') return categoryColors(paint.counts, paint.colors);
    return schemeColors(this.scheme.value);
  });
  readonly table: ReadonlySignal<Uint8Array<ArrayBuffer>> = computed(() => lookupTable(this.colors.value));

  constructor(
    readonly bundle: Bundle,
    readonly filters: Filters,
    readonly groups: Groups,
  ) {}

  async choose(by: ColourBy): Promise<void> {
    this.wanted.value = by;
    try {
      const next = await this.#load(by);
      // Another choice may have been made while this one was loading.
      if (this.wanted.peek() !== by) return;
      batch(() => {
        this.chosenRange.value = null;
        this.current.value = { by, ...next };
        const { paint } = next;
        if (by.by === 'column' && paint.kind === 'category')
          this.lastCategories.value = { column: by.index, paint };
      });
    } catch (error) {
      if (this.wanted.peek() === by) this.wanted.value = this.current.peek().by;
      throw error;
    }
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

  async #load(by: ColourBy): Promise<{ paint: Paint; label: string }> {
    switch (by.by) {
      case 'nothing':
        return { paint: { kind: 'plain' }, label: '' };
      case 'column': {
        const info = this.bundle.columns[by.index];
        return { paint: paintColumn(info, await this.bundle.column(by.index)), label: info.name };
      }
      case 'groups':
        return { paint: paintGroups(this.groups.list.peek(), this.bundle.nCells), label: GROUPS_LABEL };
      case 'gene': {
        const [genes, values] = await Promise.all([this.bundle.genes(), this.bundle.expression(by.index)]);
        return { paint: paintGene(values), label: genes.names[by.index] };
      }
    }
  }
}
