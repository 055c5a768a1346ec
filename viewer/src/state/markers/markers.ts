import { batch, computed, signal, type ReadonlySignal } from '@preact/signals-core';
import { Latest } from '../../bytes/shared';
import type { Bundle } from '../../bundle/bundle';
import type { BestGenes, Grouping, GroupStatistics } from '../../bundle/statistics';
import { bestOfEach, readGenes } from './gene_list';
import { Near } from './near/near';
import { loadPlot, mostGenes, type PlotValues } from './plot';
import { loadTable, type MarkerTable } from './table';
import { loadVariable } from './variable';

export const MARKER_VIEWS = ['table', 'plot', 'variable', 'spatial', 'neighbours'] as const;
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
  /** Whether similar genes are neighbours. */
  readonly hasSimilarGenes = signal(false);
}

/**
 * Markers of groups, from tables that were computed during the export or that the file had already: no gene is
 * loaded. Of one column, those of the file come first.
 */
export class Markers {
  readonly statistics: GroupStatistics | null;
  /** Neighbouring cells. */
  readonly near: Near;
  readonly chosen = signal<{ readonly grouping: number; readonly group: number }>({ grouping: 0, group: 0 });
  /** The first genes of every group of the groupings that were loaded. */
  readonly best = signal<ReadonlyMap<number, readonly BestGenes[]>>(new Map());
  /** Of groupings of the file that were loaded: names of ranked genes that are not exported. */
  readonly others = signal<ReadonlyMap<number, readonly string[]>>(new Map());
  /** All genes of the chosen group, once loaded. */
  readonly table = signal<MarkerTable | null>(null);
  /** Means and variances of all genes, once loaded. */
  readonly variable = signal<MarkerTable | null>(null);
  readonly #latest = { table: new Latest(), variable: new Latest(), plot: new Latest() };
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
    this.near = new Near(bundle.neighbourhoods ?? null);
    this.statistics = statistics && statistics.groupings.length > 0 ? statistics : null;
    this.chosen.value = { grouping: 0, group: this.#firstGroup(0) };
    this.plotsBest.value = this.isRanked(0);
  }

  /** The views for which there are tables. */
  get views(): readonly MarkerView[] {
    const ofGroups: readonly MarkerView[] = this.statistics ? ['table', 'plot', 'variable'] : [];
    const ofGenes: readonly MarkerView[] = this.near.neighbourhoods ? ['spatial'] : [];
    return [...ofGroups, ...ofGenes, ...(this.near.hasGroups ? (['neighbours'] as const) : [])];
  }

  /** The number of the grouping of a column: the chosen one, or the first; null if its groups were not compared. */
  groupingOf(column: number): number | null {
    const { name } = this.bundle.columns[column];
    if (this.grouping.value?.column === name) return this.chosen.value.grouping;
    const found = this.statistics?.groupings.findIndex((grouping) => grouping.column === name) ?? -1;
    return found < 0 ? null : found;
  }

  /** Whether the groups of a grouping have markers. */
  isRanked(grouping: number): boolean {
    const info = this.statistics?.groupings[grouping];
    return info !== undefined && (info.file !== null || info.test !== 'none');
  }

  /** The grouping that has means and shares of the chosen one's groups; null if there are none. */
  readonly tables: ReadonlySignal<number | null> = computed(() => this.grouping.value?.tables ?? null);

  /** The name of a gene, exported or only ranked. */
  nameOf(grouping: number, gene: number, names: readonly string[]): string {
    return names[gene] ?? this.others.value.get(grouping)?.[gene - names.length] ?? '';
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
    this.near.follow(this.bundle.columns[column].name);
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
    await this.#loadOthers(grouping);
    this.best.value = new Map([...this.best.peek(), [grouping, best]]);
  }

  async #loadOthers(grouping: number): Promise<void> {
    if (!this.statistics?.groupings[grouping].file) return;
    // In a store, they become known as rankings are read.
    const names = await this.statistics.others(grouping);
    this.others.value = new Map([...this.others.peek(), [grouping, names]]);
  }

  /** Loads all genes of the chosen group. */
  async loadTable(): Promise<void> {
    const wanted = this.chosen.peek();
    const known = this.table.peek();
    if (!this.statistics || (known?.grouping === wanted.grouping && known.group === wanted.group)) return;
    const { statistics } = this;
    const table = await this.#latest.table.run((signal) =>
      loadTable(statistics, wanted.grouping, wanted.group, signal),
    );
    await this.#loadOthers(wanted.grouping);
    // Another group may have been chosen while this one was loading.
    if (this.chosen.peek() === wanted) this.table.value = table;
  }

  /** Loads means and variances of all genes. */
  async loadVariable(): Promise<void> {
    const tables = this.tables.peek();
    if (!this.statistics || tables === null || this.variable.peek()?.grouping === tables) return;
    if (!this.statistics.groupings[tables].hasVariances) return;
    const { statistics } = this;
    const table = await this.#latest.variable.run((signal) => loadVariable(statistics, tables, signal));
    if (this.tables.peek() === tables) this.variable.value = table;
  }

  /** Loads the values of the genes of the plot. */
  async loadPlot(): Promise<void> {
    const tables = this.tables.peek();
    if (!this.statistics || tables === null) return;
    const { grouping } = this.chosen.peek();
    const asked = [grouping, this.plotsBest.peek(), this.perGroup.peek(), this.typed.peek()];
    const { statistics } = this;
    const [genes, plot] = await this.#latest.plot.run(async (signal) => {
      const found = await this.#genesOfPlot(grouping, tables);
      return [found, await loadPlot(statistics, tables, found.genes, signal)] as const;
    });
    const now = [this.chosen.peek().grouping, this.plotsBest.peek(), this.perGroup.peek(), this.typed.peek()];
    if (asked.some((each, at) => each !== now[at])) return;
    batch(() => {
      this.plotGenes.value = genes;
      this.plot.value = plot;
    });
  }

  async #genesOfPlot(grouping: number, tables: number): Promise<PlotGenes> {
    const most = mostGenes(this.statistics!.groupings[tables].categories.length);
    if (!this.plotsBest.peek()) {
      const { genes, unknown } = readGenes(this.typed.peek(), await this.bundle.genes());
      return { genes: genes.slice(0, most), unknown, nAsked: genes.length };
    }
    await this.loadBest(grouping);
    const best = bestOfEach(this.best.peek().get(grouping) ?? [], this.perGroup.peek());
    const genes = best.filter((gene) => gene < this.bundle.nGenes);
    return { genes: genes.slice(0, most), unknown: [], nAsked: genes.length };
  }

  /** The first group whose genes are ranked. */
  #firstGroup(grouping: number): number {
    const ranked = this.statistics?.groupings[grouping].ranked;
    return ranked && ranked.size > 0 ? Math.min(...ranked) : 0;
  }
}
