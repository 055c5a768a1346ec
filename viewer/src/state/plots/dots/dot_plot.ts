import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Mask } from '../../filters/mask';
import { readGenes } from '../../markers/gene_list';
import { mostGenes, type PlotGroups, type PlotValues } from '../../markers/plot';
import type { Markers, PlotGenes } from '../../markers/markers';
import { labelsOf } from '../../texts/cell_value';
import { formatCounted } from '../../texts/format';
import { type EngineClient, type Source } from '../engine/client';
import { follow, unlessAborted, type Report } from '../engine/follow';
import {
  countGroups,
  describeGroups,
  groupingSource,
  isGrouping,
  loadGroups,
  type Grouping,
  type LoadedGroups,
} from '../engine/groupings';
import type { Plotted } from '../engine/plotted';
import { subjectSource } from '../engine/subjects';
import type { Dots } from './dots';

export const MOST_GROUPS = 500;
const MOST_GENES = 60;
const FEWEST_GENES = 8;
/** Bytes of the values that are kept, so that the plot follows the filters. */
const MOST_BYTES = 2 ** 28;
/** Genes that are loaded at once. */
const AT_ONCE = 4;

interface Wanted {
  readonly by: Grouping;
  readonly text: string;
  readonly source: Source | null;
  readonly needs: string;
  readonly mask: Mask;
  readonly nShown: number;
  readonly nBy: number;
}

interface ComputedDots {
  readonly needs: string;
  readonly by: LoadedGroups;
  readonly asked: PlotGenes;
  readonly numbers: Dots;
  /** Shown cells, in groups or not. */
  readonly nShown: number;
}

export interface DrawnDots {
  readonly asked: PlotGenes;
  readonly plot: PlotValues;
  readonly groups: PlotGroups;
  /** With the names that the page shows. */
  readonly shown: PlotGroups;
  /** Groups with shown cells, in the order of the legend. */
  readonly order: readonly number[];
  readonly nShown: number;
}

/** Genes by groups of the shown cells, computed from their values. */
export class DotPlot {
  /** Null: by the tables of the export, if it has some. */
  readonly chosen = signal<Grouping | null>(null);
  /** Loaded genes, of how many; null if nothing is being loaded. */
  readonly progress = signal<{ readonly done: number; readonly total: number } | null>(null);
  readonly #asked = signal(0);
  readonly #computed = signal<ComputedDots | null>(null);
  #loading = new AbortController();

  /** Null for the tables of the export. */
  readonly by: ReadonlySignal<Grouping | null> = computed(
    () => this.chosen.value ?? (this.from.markers.statistics ? null : this.first),
  );

  /** What the groups are unless somebody chooses others; null if there are none. */
  get first(): Grouping | null {
    const { columns } = this;
    const last = this.from.colouring.lastCategories.value?.column;
    const index = columns.find((each) => each === last) ?? columns[0];
    if (index !== undefined) return { by: 'column', index };
    return this.from.groups.list.value.length > 0 ? { by: 'groups' } : null;
  }

  /** The columns that may be chosen. */
  get columns(): number[] {
    const { columns } = this.from.bundle;
    const count = (index: number) => countGroups({ by: 'column', index }, this.from);
    return [...columns.keys()].filter((index) => isGrouping(columns[index]) && count(index) <= MOST_GROUPS);
  }

  /** What was computed last, with the names that categories have now. */
  readonly drawn: ReadonlySignal<DrawnDots | null> = computed(() => {
    const last = this.#computed.value;
    if (!last) return null;
    const { nCells, means, shares } = last.numbers;
    const { name, labels, order } = describeGroups(last.by, this.from);
    const { grouping } = last.by;
    const own = grouping.by === 'column' ? labelsOf(this.from.bundle.columns[grouping.index]) : labels;
    const shown = { column: name, categories: labels, nCells: [...nCells] };
    return {
      ...last,
      plot: { grouping: null, genes: last.asked.genes, nGroups: nCells.length, means, shares },
      groups: { ...shown, categories: own },
      shown,
      order: [...(order ?? nCells.keys())].filter((group) => nCells[group] > 0),
    };
  });

  readonly #wanted: ReadonlySignal<Wanted | null> = computed(() => {
    const { from } = this;
    const [by, text] = [this.by.value, from.markers.typed.value];
    void this.#asked.value;
    if (!by || text.trim() === '') return null;
    const source = groupingSource(by, from);
    const needs = `${source?.key}\n${text}`;
    const { mask, nShown } = from.filters;
    return { by, text, source, needs, mask: mask.value, nShown: nShown.value, nBy: countGroups(by, from) };
  });

  constructor(
    readonly from: Plotted & { readonly markers: Markers },
    readonly client: EngineClient,
  ) {}

  /** Begins anew, after a load that failed or was cancelled. */
  draw(): void {
    if (!this.progress.peek()) this.#asked.value++;
  }

  cancel(): void {
    this.#loading.abort();
  }

  /** Draws whenever something changes, until the returned function is called. */
  follow(report: Report): () => void {
    return follow(this.#wanted, async (wanted, signal) => {
      if (!wanted || this.#computed.peek()?.needs !== wanted.needs) this.#computed.value = null;
      if (!wanted) return;
      if (!this.#computed.peek()) this.progress.value = { done: 0, total: 0 };
      this.#loading = new AbortController();
      const loading = this.#loading;
      signal.addEventListener('abort', () => loading.abort());
      await report(null, () => this.#compute(wanted, loading.signal, report));
      this.progress.value = null;
    });
  }

  async #compute(wanted: Wanted, signal: AbortSignal, report: Report): Promise<void> {
    const { from, client } = this;
    const { bundle } = from;
    const { genes: found, unknown } = readGenes(wanted.text, await bundle.genes());
    const most = Math.max(FEWEST_GENES, Math.min(MOST_GENES, Math.floor(MOST_BYTES / 4 / bundle.nCells)));
    const genes = found.slice(0, Math.min(most, mostGenes(wanted.nBy)));
    const values = genes.map((index) => subjectSource({ by: 'gene', index, name: '' }, bundle));
    const sourceOfGroups = wanted.source ? [wanted.source] : [];
    const isReady = client.hasAll([...sourceOfGroups, ...values]);
    const what = `Loading ${formatCounted(genes.length, 'gene')}`;
    const [total, begun] = [values.filter((each) => !client.hasAll([each])).length, [] as Promise<unknown>[]];
    let done = 0;
    const onLoaded = () => (this.progress.value = { done: ++done, total });
    if (!isReady) this.progress.value = { done, total };
    const compute = async () => {
      const inTurn = fewAtOnce(values, begun, onLoaded);
      const engine = await client.with('dots', [...sourceOfGroups, ...inTurn], signal);
      const request = {
        genes: values.map(({ key }) => key),
        by: wanted.source?.key ?? null,
        nBy: wanted.nBy,
        nCells: bundle.nCells,
      };
      const [by, numbers] = await Promise.all([
        loadGroups(wanted.by, from),
        engine.dots(request, wanted.mask),
      ]);
      signal.throwIfAborted();
      const asked = { genes, unknown, nAsked: found.length };
      this.#computed.value = { needs: wanted.needs, by, asked, numbers, nShown: wanted.nShown };
    };
    await report(isReady ? null : what, () => unlessAborted(signal, compute()));
    // What was begun for nobody is not to be taken for a load that goes on.
    await Promise.allSettled(begun);
  }
}

/** The same sources, which wait for each other: only some load at once. */
function fewAtOnce(
  sources: readonly Source[],
  begun: Promise<unknown>[],
  onLoaded: () => void,
): readonly Source[] {
  const lanes = Array.from({ length: AT_ONCE }, (): Promise<unknown> => Promise.resolve());
  return sources.map((source, at) => ({
    key: source.key,
    load: (signal) => {
      const loading = lanes[at % AT_ONCE].then(async () => {
        signal.throwIfAborted();
        const vector = await source.load(signal);
        onLoaded();
        return vector;
      });
      lanes[at % AT_ONCE] = loading.catch(() => {});
      begun.push(loading);
      return loading;
    },
  }));
}
