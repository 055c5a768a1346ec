import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import { needsOf, type EngineClient } from '../engine/client';
import { follow, type Report } from '../engine/follow';
import {
  countGroups,
  describeGroups,
  groupingSource,
  isGrouping,
  loadGroups,
  NO_GROUPING,
  type Grouped,
  type Grouping,
  type LoadedGroups,
} from '../engine/groupings';
import type { Plotted } from '../engine/plotted';
import { maskWithin } from './within';

/** Most bars, and most parts of each. */
export const MOST_BARS = 500;
export const MOST_PARTS = 60;
export const SORTS = { legend: 'As in the legend', name: 'By name', size: 'By cells' } as const;
export type Sort = keyof typeof SORTS;
export const AMOUNTS = { shares: 'Shares', counts: 'Cells' } as const;
export type Amount = keyof typeof AMOUNTS;

export interface DrawnComposition {
  readonly by: Grouped;
  readonly of: Grouped;
  /** As of `crossingOf`. */
  readonly counts: Uint32Array;
}

/** One grouping of the cells in each group of another. */
export class CompositionPlot {
  /** The parts of each bar. Null: the categories that colour the cells, or did last. */
  readonly chosenOf = signal<Grouping | null>(null);
  /** The bars. Null: a column other than that of the parts. */
  readonly chosenBy = signal<Grouping | null>(null);
  readonly amount = signal<Amount>('shares');
  readonly sort = signal<Sort>('legend');
  readonly onlySelected = signal(false);
  readonly #counted = signal<{
    readonly by: LoadedGroups;
    readonly of: LoadedGroups;
    readonly counts: Uint32Array;
  } | null>(null);
  /** With the names and colours of groups as the page shows them now. */
  readonly drawn: ReadonlySignal<DrawnComposition | null> = computed(() => {
    const counted = this.#counted.value;
    if (!counted) return null;
    const { by, of, counts } = counted;
    return { by: describeGroups(by, this.from), of: describeGroups(of, this.from), counts };
  });

  readonly of: ReadonlySignal<Grouping> = computed(() => {
    if (this.chosenOf.value) return this.chosenOf.value;
    const last = this.from.colouring.lastCategories.value?.column;
    return (
      this.#columnWithin(MOST_PARTS, (index) => index === last) ??
      this.#columnWithin(MOST_PARTS) ??
      NO_GROUPING
    );
  });
  readonly by: ReadonlySignal<Grouping> = computed(() => {
    if (this.chosenBy.value) return this.chosenBy.value;
    const of = this.of.value;
    return this.#columnWithin(MOST_BARS, (index) => of.by !== 'column' || of.index !== index) ?? NO_GROUPING;
  });

  readonly #wanted = computed(() => {
    const { from } = this;
    const [by, of] = [this.by.value, this.of.value];
    const [bySource, ofSource] = [groupingSource(by, from), groupingSource(of, from)];
    if (!ofSource) return null;
    const sources = bySource ? [bySource, ofSource] : [ofSource];
    const mask = from.filters.mask.value;
    const { nCells } = from.bundle;
    return {
      by,
      of,
      sources,
      needs: needsOf(sources),
      mask: this.onlySelected.value ? maskWithin(mask, from.selection.cells.value, nCells) : mask,
      request: {
        by: bySource?.key ?? null,
        of: ofSource.key,
        nBy: countGroups(by, from),
        nOf: countGroups(of, from),
        nCells,
      },
    };
  });

  constructor(
    readonly from: Plotted,
    readonly client: EngineClient,
  ) {}

  #columnWithin(most: number, isWanted: (index: number) => boolean = () => true): Grouping | null {
    const { columns } = this.from.bundle;
    const index = columns.findIndex(
      (info, at) =>
        isGrouping(info) && isWanted(at) && countGroups({ by: 'column', index: at }, this.from) <= most,
    );
    return index < 0 ? null : { by: 'column', index };
  }

  /** Draws whenever something changes, until the returned function is called. */
  follow(report: Report): () => void {
    return follow(this.#wanted, async (wanted, signal) => {
      if (!wanted) {
        this.#counted.value = null;
        return;
      }
      await report(this.client.hasAll(wanted.sources) ? null : 'Loading the composition', async () => {
        const engine = await this.client.with('composition', wanted.sources, signal);
        const [by, of, counts] = await Promise.all([
          loadGroups(wanted.by, this.from),
          loadGroups(wanted.of, this.from),
          engine.crossing(wanted.request, wanted.mask),
        ]);
        this.#counted.value = { by, of, counts };
      });
    });
  }
}
