import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle } from '../../bundle/bundle';
import { paintColumn, paintNumbers, quantile, type Paint } from './paint';
import { categoryColors, lookupTable, schemeColors, type Scheme } from './palette';

export type ColourBy =
  | { readonly by: 'nothing' }
  | { readonly by: 'column'; readonly index: number }
  | { readonly by: 'gene'; readonly index: number };

export type Range = readonly [number, number];

/** The current colouring. `by` and `paint` change together, once the values are loaded. */
export class Colouring {
  readonly wanted = signal<ColourBy>({ by: 'nothing' });
  readonly current = signal<{ by: ColourBy; paint: Paint; label: string }>({
    by: { by: 'nothing' },
    paint: { kind: 'plain' },
    label: '',
  });
  /** The range that the user set; null: the whole extent. */
  readonly chosenRange = signal<Range | null>(null);
  readonly scheme = signal<Scheme>('viridis');

  readonly range: ReadonlySignal<Range> = computed(() => {
    const { paint } = this.current.value;
    const extent = paint.kind === 'number' ? paint.extent : null;
    return this.chosenRange.value ?? extent ?? [0, 1];
  });

  /** Colours as `#rrggbb` or `rgb(…)`: of the categories, or 256 steps of the scheme. */
  readonly colors: ReadonlySignal<readonly string[]> = computed(() => {
    const { paint } = this.current.value;
    if (paint.kind === 'category') return categoryColors(paint.counts, paint.colors);
    return schemeColors(this.scheme.value);
  });
  readonly table: ReadonlySignal<Uint8Array<ArrayBuffer>> = computed(() => lookupTable(this.colors.value));

  constructor(readonly bundle: Bundle) {}

  async choose(by: ColourBy): Promise<void> {
    this.wanted.value = by;
    try {
      const next = await this.#load(by);
      // Another choice may have been made while this one was loading.
      if (this.wanted.peek() !== by) return;
      this.chosenRange.value = null;
      this.current.value = { by, ...next };
    } catch (error) {
      if (this.wanted.peek() === by) this.wanted.value = this.current.peek().by;
      throw error;
    }
  }

  /** Cuts the range at two percentiles of the cells that have a value. */
  cutAt(share: number): void {
    const { paint } = this.current.peek();
    if (paint.kind !== 'number' || !paint.extent) return;
    const low = quantile(paint, share);
    const high = quantile(paint, 1 - share);
    // Where most cells share one value both ends may meet: then there is nothing to cut.
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
      case 'gene': {
        const [genes, values] = await Promise.all([this.bundle.genes(), this.bundle.expression(by.index)]);
        return { paint: paintNumbers(values), label: genes.names[by.index] };
      }
    }
  }
}
