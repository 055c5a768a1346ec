import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle } from '../../../bundle/bundle';
import type { Mask } from '../../filters/mask';
import type { Cells } from '../../selection/sets';
import type { Plotted } from '../engine/plotted';
import { needsOf, type EngineClient, type Source } from '../engine/client';
import type { ViolinRequest } from '../engine/engine';
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
import { follow, unlessAborted, type Report } from '../engine/follow';
import { colouringSubject, subjectName, subjectSource, type Subject } from '../engine/subjects';
import type { Violins } from './violins';

/** Most parts of each category. */
export const MOST_PARTS = 24;

export const ORDERS = {
  data: 'As in the legend',
  name: 'By name',
  size: 'By cells',
  median: 'By median',
} as const;
export type Order = keyof typeof ORDERS;
export const WIDTHS = { equal: 'Equal widths', count: 'Widths by cells' } as const;
export type Widths = keyof typeof WIDTHS;

/** What to draw; changes of what follows it are computed anew. */
interface Wanted {
  readonly subject: Subject;
  readonly by: Grouping;
  readonly split: Grouping;
  readonly request: ViolinRequest;
  readonly sources: readonly Source[];
  readonly needs: string;
  readonly mask: Mask;
}

interface ComputedViolins {
  readonly wanted: Wanted;
  /** Of the values. */
  readonly name: string;
  readonly groups: readonly [LoadedGroups, LoadedGroups];
  readonly numbers: Violins;
}

export interface DrawnViolins extends ComputedViolins {
  readonly by: Grouped;
  readonly split: Grouped;
}

/** Numbers of cells by category, as violins and boxes. */
export class ViolinPlot {
  /** Null: what colours the cells. */
  readonly chosen = signal<Subject | null>(null);
  /** Null: by the categories that colour the cells, or did last. */
  readonly chosenBy = signal<Grouping | null>(null);
  readonly split = signal<Grouping>(NO_GROUPING);
  readonly withZeros = signal(true);
  readonly isLog = signal(false);
  readonly hasViolins = signal(true);
  readonly hasBoxes = signal(true);
  readonly hasPoints = signal(false);
  readonly order = signal<Order>('data');
  readonly widths = signal<Widths>('equal');
  readonly #computed = signal<ComputedViolins | null>(null);

  /** What was computed last, with the names and colours that categories have now. */
  readonly drawn: ReadonlySignal<DrawnViolins | null> = computed(() => {
    const last = this.#computed.value;
    const describe = (groups: LoadedGroups) => describeGroups(groups, this.from);
    return last && { ...last, by: describe(last.groups[0]), split: describe(last.groups[1]) };
  });

  /** The numbers that colour the cells, or did last. */
  #last: Subject | null = null;
  readonly subject: ReadonlySignal<Subject | null> = computed(() => {
    const coloured = colouringSubject(this.from.colouring.current.value);
    if (coloured) this.#last = coloured;
    return this.chosen.value ?? coloured ?? this.#last ?? firstNumbers(this.from.bundle);
  });

  readonly by: ReadonlySignal<Grouping> = computed(() => {
    if (this.chosenBy.value) return this.chosenBy.value;
    const last = this.from.colouring.lastCategories.value?.column;
    const first = this.from.bundle.columns.findIndex(isGrouping);
    const index = last ?? first;
    return index < 0 ? NO_GROUPING : { by: 'column', index };
  });

  readonly #wanted: ReadonlySignal<Wanted | null> = computed(() => {
    const { from } = this;
    const [subject, by, split] = [this.subject.value, this.by.value, this.split.value];
    if (!subject) return null;
    const values = subjectSource(subject, from.bundle);
    const [bySource, splitSource] = [groupingSource(by, from), groupingSource(split, from)];
    const sources = [values, bySource, splitSource].filter((source) => source !== null);
    return {
      subject,
      by,
      split,
      request: {
        values: values.key,
        by: bySource?.key ?? null,
        split: splitSource?.key ?? null,
        nBy: countGroups(by, from),
        nSplit: countGroups(split, from),
        withZeros: this.withZeros.value,
        isLog: this.isLog.value,
      },
      sources,
      needs: needsOf(sources),
      mask: from.filters.mask.value,
    };
  });

  constructor(
    readonly from: Plotted,
    readonly client: EngineClient,
  ) {}

  /** Draws whenever something changes, until the returned function is called. */
  follow(report: Report): () => void {
    return follow(this.#wanted, async (wanted, signal) => {
      if (!wanted) {
        this.#computed.value = null;
        return;
      }
      const isReady = this.client.hasAll(wanted.sources);
      await report(isReady ? null : `Loading ${subjectName(wanted.subject, this.from.bundle)}`, () =>
        unlessAborted(signal, this.#draw(wanted, signal)),
      );
    });
  }

  async #draw(wanted: Wanted, signal: AbortSignal): Promise<void> {
    const { from } = this;
    const engine = await this.client.with('violin', wanted.sources, signal);
    const [by, split, numbers] = await Promise.all([
      loadGroups(wanted.by, from),
      loadGroups(wanted.split, from),
      engine.violins(wanted.request, wanted.mask),
    ]);
    this.#computed.value = {
      wanted,
      name: subjectName(wanted.subject, from.bundle),
      groups: [by, split],
      numbers,
    };
  }

  /** The drawn cells of one violin. */
  async cellsOf({ wanted }: DrawnViolins, by: number, split: number): Promise<Cells> {
    const engine = await this.client.with('clicked', wanted.sources, new AbortController().signal);
    return engine.cellsOfViolin(wanted.request, wanted.mask, by, split);
  }
}

function firstNumbers({ columns }: Bundle): Subject | null {
  const index = columns.findIndex(({ kind }) => kind === 'number');
  return index < 0 ? null : { by: 'column', index };
}
