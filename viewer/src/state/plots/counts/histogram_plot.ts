import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import { needsOf, type EngineClient } from '../engine/client';
import { follow, type Report } from '../engine/follow';
import {
  countGroups,
  describeGroups,
  groupingSource,
  loadGroups,
  NO_GROUPING,
  type Grouped,
  type Grouping,
  type LoadedGroups,
} from '../engine/groupings';
import type { Plotted } from '../engine/plotted';
import { colouringSubject, subjectName, subjectSource, type Subject } from '../engine/subjects';
import type { Histogram } from './histogram';
import { maskWithin } from './within';

export const MOST_BINS = 200;
/** Most groups that are drawn in one histogram. */
export const MOST_SPLIT = 24;
export const LOOKS = { overlaid: 'One over the other', stacked: 'Stacked' } as const;
export type Look = keyof typeof LOOKS;

export interface DrawnHistogram extends Histogram {
  readonly name: string;
  readonly by: Grouped;
}

/** How often the cells have which numbers. */
export class HistogramPlot {
  /** Null: what colours the cells, or did last. */
  readonly chosen = signal<Subject | null>(null);
  readonly by = signal<Grouping>(NO_GROUPING);
  readonly look = signal<Look>('overlaid');
  readonly isLog = signal(false);
  readonly nBins = signal(40);
  readonly onlySelected = signal(false);
  readonly #counted = signal<(Histogram & { readonly name: string; readonly groups: LoadedGroups }) | null>(
    null,
  );
  /** With the names and colours of groups as the page shows them now. */
  readonly drawn: ReadonlySignal<DrawnHistogram | null> = computed(() => {
    const counted = this.#counted.value;
    return counted && { ...counted, by: describeGroups(counted.groups, this.from) };
  });

  #last: Subject | null = null;
  readonly subject: ReadonlySignal<Subject | null> = computed(() => {
    const { colouring, bundle } = this.from;
    this.#last = colouringSubject(colouring.current.value) ?? this.#last;
    const first = bundle.columns.findIndex(({ kind }) => kind === 'number');
    return this.chosen.value ?? this.#last ?? (first < 0 ? null : { by: 'column', index: first });
  });

  readonly #wanted = computed(() => {
    const { from } = this;
    const [subject, by] = [this.subject.value, this.by.value];
    if (!subject) return null;
    const [values, groups] = [subjectSource(subject, from.bundle), groupingSource(by, from)];
    const sources = groups ? [values, groups] : [values];
    const mask = from.filters.mask.value;
    return {
      subject,
      by,
      sources,
      needs: needsOf(sources),
      mask: this.onlySelected.value ? maskWithin(mask, from.selection.cells.value, from.bundle.nCells) : mask,
      request: {
        values: values.key,
        by: groups?.key ?? null,
        nBy: countGroups(by, from),
        nBins: this.nBins.value,
      },
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
        this.#counted.value = null;
        return;
      }
      const name = subjectName(wanted.subject, this.from.bundle);
      await report(this.client.hasAll(wanted.sources) ? null : `Loading ${name}`, async () => {
        const engine = await this.client.with('histogram', wanted.sources, signal);
        const [groups, counted] = await Promise.all([
          loadGroups(wanted.by, this.from),
          engine.histogram(wanted.request, wanted.mask),
        ]);
        this.#counted.value = { ...counted, name, groups };
      });
    });
  }
}
