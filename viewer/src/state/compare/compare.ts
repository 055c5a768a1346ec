import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import { ViewerError } from '../../bytes/errors';
import { nameOf, textOf } from '../filters/texts';
import type { StartWorker } from '../filters/service';
import type { GeneLists } from '../genes/gene_lists';
import { chooseGenes, type GeneChoice } from './genes';
import type { GeneSums } from './gene_sums';
import { resultsOf, type CompareTest, type Results } from './result';
import { sumGenes } from './run';
import { openSums } from './service';
import type { Kind } from './scatter';
import { FIRST_SIDES, markSides, sideName, type Marked, type Sides, type Sources } from './sides';

/** What was compared, and the sums from which every test follows. */
export interface Comparison extends Pick<Marked, 'sizes' | 'nBoth' | 'nShown'> {
  readonly sides: Sides;
  /** Those that the sides had then. */
  readonly names: readonly [string, string];
  readonly nCells: number;
  readonly genes: readonly number[];
  /** Typed names that no gene has. */
  readonly unknown: readonly string[];
  /** Which genes, in words. */
  readonly what: string;
  /** The filters that were on, in words. */
  readonly filters: readonly string[];
  readonly sums: readonly GeneSums[];
}

export interface CompareProgress {
  readonly done: number;
  readonly total: number;
}

/** Compares two groups of cells gene by gene. The last result stays until the next one is there. */
export class Compare {
  readonly sides = signal<Sides>(FIRST_SIDES);
  readonly genes = signal<GeneChoice>({ of: 'all' });
  readonly test = signal<CompareTest>('wilcoxon');
  readonly tieCorrect = signal(false);
  /** How the last result is shown. */
  readonly look = signal<'table' | Kind>('table');
  /** Sizes of the chosen sides; null while they are counted. */
  readonly marked = signal<Marked | null>(null);
  /** Null if nothing is being compared. */
  readonly progress = signal<CompareProgress | null>(null);
  readonly last = signal<Comparison | null>(null);
  /** The last comparison, under the names that categories have now. */
  readonly shown: ReadonlySignal<Comparison | null> = computed(() => {
    const last = this.last.value;
    return last && { ...last, names: this.#namesOf(last.sides) };
  });
  /** The chosen test of the last comparison. Another test needs no value again. */
  readonly results: ReadonlySignal<Results | null> = computed(() => {
    const last = this.last.value;
    return last && resultsOf(last.genes, last.sums, last.sizes, this.test.value, this.tieCorrect.value);
  });
  #abort: AbortController | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(
    readonly sources: Sources & { readonly geneLists: GeneLists },
    readonly startWorker?: StartWorker,
  ) {}

  /** Counts the cells of both sides, now and whenever they change, until the returned function is called. */
  follow(onFailure: (error: unknown) => void): () => void {
    const { filters, selection, groups } = this.sources;
    let latest: object | null = null;
    const stop = effect(() => {
      const sides = this.sides.value;
      void [filters.mask.value, selection.cells.value, groups.list.value];
      const mine = (latest = {});
      untracked(() => {
        markSides(sides, this.sources).then((marked) => {
          if (latest === mine) this.marked.value = marked;
        }, onFailure);
      });
    });
    return () => {
      latest = null;
      stop();
    };
  }

  /** Compares the chosen sides; another comparison that is still running is cancelled. */
  async run(): Promise<void> {
    this.cancel();
    const abort = (this.#abort = new AbortController());
    const before = this.#running;
    this.#running = before.catch(() => {}).then(() => this.#compare(abort.signal));
    try {
      await this.#running;
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    } finally {
      if (this.#abort === abort) {
        this.#abort = null;
        this.progress.value = null;
      }
    }
  }

  #namesOf([first, second]: Sides): [string, string] {
    return [sideName(first, this.sources), sideName(second, this.sources)];
  }

  cancel(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.progress.value = null;
  }

  async #compare(signal: AbortSignal): Promise<void> {
    const { bundle, filters, geneLists } = this.sources;
    const sides = this.sides.peek();
    const asked = filters.all.peek().filter(({ isOn }) => isOn);
    signal.throwIfAborted();
    const { genes, unknown, what } = await chooseGenes(bundle, geneLists, this.genes.peek());
    if (genes.length === 0)
      throw new ViewerError(
        'There must be at least one gene to compare, but none was found.',
        'Choose other genes, or check their names.',
      );
    const { marks, problem, ...counts } = await markSides(sides, this.sources);
    if (problem !== null) throw new ViewerError(problem, '');
    signal.throwIfAborted();
    const report = (done: number) => {
      if (!signal.aborted) this.progress.value = { done, total: genes.length };
    };
    report(0);
    const service = await openSums(marks, this.startWorker);
    try {
      const sums = await sumGenes(bundle, genes, service, signal, report);
      signal.throwIfAborted();
      batch(() => {
        this.progress.value = null;
        this.last.value = {
          ...counts,
          sides,
          names: this.#namesOf(sides),
          nCells: bundle.nCells,
          genes,
          unknown,
          what,
          filters: asked.map((filter) => `${nameOf(filter, bundle)} (${textOf(filter)})`),
          sums,
        };
      });
    } finally {
      service.close();
    }
  }
}
