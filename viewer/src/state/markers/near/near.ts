import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Enrichment, NeighbourGroups, Neighbourhoods } from '../../../bundle/statistics';
import { Latest } from '../../../bytes/shared';
import type { Floats } from '../../../bytes/numbers';
import type { MarkerTable } from '../table';
import { loadSpatial } from './spatial';

/** How neighbouring groups are shown. */
export const NEAR_LOOKS = ['matrix', 'lines', 'list'] as const;
export type NearLook = (typeof NEAR_LOOKS)[number];

/** Something of one grouping. */
interface Of<T> {
  readonly grouping: number;
  readonly values: T;
}

/** Neighbouring cells, from tables that were computed during the export. */
export class Near {
  readonly #latest = new Latest();
  readonly chosen = signal(0);
  readonly look = signal<NearLook>('matrix');
  /** The group whose co-occurrence is drawn. */
  readonly group = signal(0);
  readonly table = signal<MarkerTable | null>(null);
  readonly enrichment = signal<Of<Enrichment> | null>(null);
  readonly ratios = signal<Of<Floats> | null>(null);

  readonly grouping: ReadonlySignal<NeighbourGroups | null> = computed(
    () => this.neighbourhoods?.groupings[this.chosen.value] ?? null,
  );

  /** How the chosen groups are shown: not every column has co-occurrence. */
  readonly shown: ReadonlySignal<NearLook> = computed(() =>
    this.look.value === 'lines' && !this.grouping.value?.distances.length ? 'matrix' : this.look.value,
  );

  constructor(readonly neighbourhoods: Neighbourhoods | null) {}

  /** Whether groups of any column can be neighbours. */
  get hasGroups(): boolean {
    return (this.neighbourhoods?.groupings.length ?? 0) > 0;
  }

  /** Chooses the column with a name; nothing if it has no neighbours. */
  follow(column: string): void {
    const found = this.neighbourhoods?.groupings.findIndex((each) => each.column === column) ?? -1;
    if (found >= 0 && found !== this.chosen.peek()) this.choose(found);
  }

  choose(grouping: number, group = 0): void {
    this.group.value = group;
    this.chosen.value = grouping;
  }

  /** Loads all genes by their spatial pattern. */
  async loadGenes(): Promise<void> {
    if (!this.neighbourhoods || this.table.peek()) return;
    this.table.value = await loadSpatial(this.neighbourhoods);
  }

  /** Loads what is shown of the chosen grouping: one request. */
  async load(): Promise<void> {
    const grouping = this.chosen.peek();
    const near = this.neighbourhoods;
    if (!near) return;
    if (this.shown.peek() !== 'lines') {
      if (this.enrichment.peek()?.grouping === grouping) return;
      const values = await this.#latest.run((signal) => near.enrichment(grouping, signal));
      if (this.chosen.peek() === grouping) this.enrichment.value = { grouping, values };
      return;
    }
    if (this.ratios.peek()?.grouping === grouping) return;
    const values = await this.#latest.run((signal) => near.coOccurrence(grouping, signal));
    if (this.chosen.peek() === grouping) this.ratios.value = { grouping, values };
  }
}
