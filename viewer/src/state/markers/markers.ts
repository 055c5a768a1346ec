import { batch, computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle } from '../../bundle/bundle';
import type { BestGenes, Grouping, GroupStatistics } from '../../bundle/statistics';
import { bestOfEach, readGenes } from './gene_list';
import { loadPlot, mostGenes, type PlotValues } from './plot';
import { loadTable, type MarkerTable } from './table';
import { loadVariable } from './variable';

export const MARKER_VIEWS = ['table', 'plot', 'variable'] as const;
export type MarkerView = (typeof MARKER_VIEWS)[number];
/** Most genes of each group in a plot. */
export const MOST_OF_EACH = 20;

/** The genes of a plot. */
export interface PlotGenes {
  readonly genes: readonly number[];
  /** Typed names that no gene has. */
  readonly unknown: readonly string[];
  /** How many genes were asked for, if not all are drawn. */
  readonly nAsked: number;
}

const NO_GENES: PlotGenes = { genes: [], unknown: [], nAsked: 0 };

/** How the plot is drawn. */
export class PlotLook {
  readonly isHeatMap = signal(false);
  /** Whether the values of each gene are scaled to 0–1. */
  readonly isScaled = signal(false);
  /** Whether similar groups are neighbours. */
  readonly isOrdered = signal(false);
}

/** Markers of groups, from tables that were computed during the export: no gene is loaded. */
export class Markers {
  readonly statistics: GroupStatistics | null;
  /** What is open beside the cells. */
  readonly open = signal<MarkerView | null>(null);
  readonly chosen = signal<{ readonly grouping: number; readonly group: number }>({ grouping: 0, group: 0 });
  /** The first genes of every group of the groupings that were loaded. */
  readonly best = signal<ReadonlyMap<number, readonly BestGenes[]>>(new Map());
  /** All genes of the chosen group, once loaded. */
  readonly table = signal<MarkerTable | null>(null);
  /** Means and variances of all genes, once loaded. */
  readonly variable = signal<MarkerTable | null>(null);
  readonly look = new PlotLook();
  /** Whether the plot shows the first genes of each group, or those that were typed. */
  readonly plotsBest = signal(true);
  readonly perGroup = signal(3);
  readonly typed = signal('');
  readonly plotGenes = signal<PlotGenes>(NO_GENES);
  readonly plot = signal<PlotValues | null>(null);

  readonly grouping: ReadonlySignal<Grouping | null> = computed(
    () => this.statistics?.groupings[this.chosen.value.grouping] ?? null,
  );
  /** The first genes of the chosen group; null if they are not loaded. */
  readonly bestOfChosen: ReadonlySignal<BestGenes | null> = computed(() => {
    const { grouping, group } = this.chosen.value;
    return this.bestOf(grouping, group);
  });

  constructor(readonly bundle: Bundle) {
    const { statistics } = bundle;
    this.statistics = statistics && statistics.groupings.length > 0 ? statistics : null;
    this.chosen.value = { grouping: 0, group: this.#firstGroup(0) };
    if (this.statistics?.test === 'none') this.plotsBest.value = false;
  }

  /** The number of the grouping of a column; null if its groups were not compared. */
  groupingOf(column: number): number | null {
    const { name } = this.bundle.columns[column];
    const found = this.statistics?.groupings.findIndex((grouping) => grouping.column === name) ?? -1;
    return found < 0 ? null : found;
  }

  /** The group of each label of a column, or -1. A yes or no is written in small letters in a legend. */
  groupsOf(grouping: number, labels: readonly string[]): number[] {
    const { categories, column } = this.statistics!.groupings[grouping];
    const isBool = this.bundle.columns.some(({ name, kind }) => name === column && kind === 'bool');
    const numbers = new Map(categories.map((name, group) => [isBool ? name.toLowerCase() : name, group]));
    return labels.map((label) => numbers.get(label) ?? -1);
  }

  bestOf(grouping: number, group: number): BestGenes | null {
    return this.best.value.get(grouping)?.find((each) => each.group === group) ?? null;
  }

  /** Chooses the groups of a column that colours the cells now, if they were compared. */
  follow(column: number): void {
    const grouping = this.groupingOf(column);
    if (grouping !== null && grouping !== this.chosen.peek().grouping) this.choose(grouping);
  }

  choose(grouping: number, group: number | null = null): void {
    this.chosen.value = { grouping, group: group ?? this.#firstGroup(grouping) };
  }

  /** Loads the first genes of every group of a grouping: one request. */
  async loadBest(grouping: number): Promise<void> {
    if (!this.statistics || this.best.peek().has(grouping)) return;
    const best = await this.statistics.best(grouping);
    this.best.value = new Map([...this.best.peek(), [grouping, best]]);
  }

  /** Loads all genes of the chosen group. */
  async loadTable(): Promise<void> {
    const wanted = this.chosen.peek();
    const known = this.table.peek();
    if (!this.statistics || (known?.grouping === wanted.grouping && known.group === wanted.group)) return;
    const table = await loadTable(this.statistics, wanted.grouping, wanted.group);
    // Another group may have been chosen while this one was loading.
    if (this.chosen.peek() === wanted) this.table.value = table;
  }

  /** Loads means and variances of all genes. */
  async loadVariable(): Promise<void> {
    const { grouping } = this.chosen.peek();
    if (!this.statistics || this.variable.peek()?.grouping === grouping) return;
    const table = await loadVariable(this.statistics, grouping);
    if (this.chosen.peek().grouping === grouping) this.variable.value = table;
  }

  /** Loads the values of the genes of the plot. */
  async loadPlot(): Promise<void> {
    if (!this.statistics) return;
    const { grouping } = this.chosen.peek();
    const asked = [grouping, this.plotsBest.peek(), this.perGroup.peek(), this.typed.peek()];
    const genes = await this.#genesOfPlot(grouping);
    const plot = await loadPlot(this.statistics, grouping, genes.genes);
    const now = [this.chosen.peek().grouping, this.plotsBest.peek(), this.perGroup.peek(), this.typed.peek()];
    if (asked.some((each, at) => each !== now[at])) return;
    batch(() => {
      this.plotGenes.value = genes;
      this.plot.value = plot;
    });
  }

  async #genesOfPlot(grouping: number): Promise<PlotGenes> {
    const most = mostGenes(this.statistics!.groupings[grouping].categories.length);
    if (!this.plotsBest.peek()) {
      const { genes, unknown } = readGenes(this.typed.peek(), await this.bundle.genes());
      return { genes: genes.slice(0, most), unknown, nAsked: genes.length };
    }
    await this.loadBest(grouping);
    const genes = bestOfEach(this.best.peek().get(grouping) ?? [], this.perGroup.peek());
    return { genes: genes.slice(0, most), unknown: [], nAsked: genes.length };
  }

  /** The first group whose genes are ranked. */
  #firstGroup(grouping: number): number {
    const ranked = this.statistics?.groupings[grouping].ranked;
    return ranked && ranked.size > 0 ? Math.min(...ranked) : 0;
  }
}
