import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle } from '../../bundle/bundle';
import type { TranscriptGenes, Transcripts } from '../../bundle/tissue';
import { paletteColors } from '../colouring/qualitative';

/** More colours are hard to tell apart. */
export const MOST_GENES = 20;

/** A gene whose transcripts are drawn. */
export interface ShownGene {
  /** Its number among the genes of the transcripts. */
  readonly gene: number;
  readonly name: string;
  /** How many transcripts it has. */
  readonly n: number;
  /** `#rrggbb` */
  readonly color: string;
}

/** The transcript under the pointer. */
export interface HoveredTranscript extends Pick<ShownGene, 'name' | 'color'> {
  /** In pixels of its plot. */
  readonly x: number;
  readonly y: number;
}

/** How much of the transcripts in view is drawn; of several plots, the first of these that one of them says. */
const EXTENTS = ['loading', 'sample', 'all', 'elsewhere', 'none'] as const;
export type Extent = (typeof EXTENTS)[number];

const COLORS = paletteColors('distinct', new Uint32Array(MOST_GENES));

/** The genes whose transcripts are drawn over the tissue, and their look. */
export class ShownTranscripts {
  /** Null if the bundle has no transcripts. */
  readonly all: Transcripts | null;
  readonly chosen = signal<readonly ShownGene[]>([]);
  readonly isShown = signal(true);
  /** Factor for the size of the points. */
  readonly size = signal(1);
  /** Names and numbers of all genes, once loaded. */
  readonly genes = signal<TranscriptGenes | null>(null);
  readonly hovered = signal<HoveredTranscript | null>(null);
  readonly #extents = signal<ReadonlyMap<object, Extent>>(new Map());
  /** Of the stage and all panels together. */
  readonly extent: ReadonlySignal<Extent> = computed(() => {
    const said = [...this.#extents.value.values()];
    return EXTENTS.find((each) => said.includes(each)) ?? 'none';
  });

  constructor(bundle: Bundle) {
    this.all = bundle.tissue?.transcripts ?? null;
  }

  /** The embedding that they belong to; -1 without transcripts. */
  get embedding(): number {
    return this.all?.embedding ?? -1;
  }

  async load(): Promise<TranscriptGenes> {
    if (!this.all) throw new Error('the bundle has no transcripts');
    return (this.genes.value ??= await this.all.genes());
  }

  /** A plot says how much of the transcripts in its view is drawn; null once it is gone. */
  tell(plot: object, extent: Extent | null): void {
    const before = this.#extents.peek();
    if ((before.get(plot) ?? null) === extent) return;
    const extents = new Map(before);
    if (extent === null) extents.delete(plot);
    else extents.set(plot, extent);
    this.#extents.value = extents;
  }

  /** Adds a gene. Nothing happens if it is there already, or if there are too many. */
  add(gene: number, color?: string): void {
    const genes = this.genes.peek();
    const chosen = this.chosen.peek();
    if (!genes || chosen.length >= MOST_GENES || chosen.some((each) => each.gene === gene)) return;
    const used = new Set(chosen.map((each) => each.color));
    const free = COLORS.find((each) => !used.has(each)) ?? COLORS[0];
    const [name, n] = [genes.names[gene], genes.counts[gene]];
    this.chosen.value = [...chosen, { gene, name, n, color: color ?? free }];
  }

  remove(gene: number): void {
    this.chosen.value = this.chosen.peek().filter((each) => each.gene !== gene);
  }

  recolor(gene: number, color: string): void {
    this.chosen.value = this.chosen.peek().map((each) => (each.gene === gene ? { ...each, color } : each));
  }
}
