import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { Images } from '../../drawing/images';
import { Overlays } from '../../drawing/overlays';
import { SectionFilters } from '../../drawing/section_filters';
import { Slides } from '../../drawing/slides';
import type { SceneSession, SceneTask } from '../../drawing/scene_session';
import type { Filters } from '../../filters/filters';
import type { Drawer, ViewId } from '../../plots/drawer';
import type { TissueState } from '../../tissue/tissue';
import { SectionNames } from '../section_names';
import { EmbeddingView } from '../embedding_view';
import type { Part } from '../part';
import { contentName, embeddingOf, type Content } from './content';

/** What panels share with the stage. */
export type Shared = Omit<SceneSession, 'during' | 'filters'> & {
  readonly filters: Filters;
  readonly tissue: TissueState;
  readonly drawer: Drawer;
  during(task: SceneTask | 'embedding', what: string, work: () => Promise<void>): Promise<void>;
};

/** A panel beside the stage, with cells or a plot. Cells have their own view; edges and vectors are drawn in the stage only. */
export class SidePanel {
  readonly content: Signal<Content>;
  readonly view: EmbeddingView;
  /** What is drawn. */
  readonly scene: SceneSession;
  /** Whether its camera moves with others of the same coordinates. */
  readonly isLinked = signal(true);
  /** The section that it shows; null for all cells. */
  readonly part: ReadonlySignal<Part | null>;
  /** Resolves once what it shows is loaded, or could not be. */
  ready: Promise<void> = Promise.resolve();

  constructor(
    /** From 1: tells panels apart. */
    readonly number: number,
    private readonly shared: Shared,
    content: Content,
  ) {
    const { bundle, colouring, categories, names, spotlight, selection } = shared;
    const { appearance, hovered, pinned, problem, groups, transcripts } = shared;
    this.content = signal(content);
    this.part = computed(() => partOf(shared.tissue, this.content.value));
    this.view = new EmbeddingView(bundle, this.part, true);
    const filters = new SectionFilters(shared.filters, this.part);
    this.scene = {
      ...{ bundle, colouring, categories, names, spotlight, selection, appearance, hovered, pinned, problem },
      ...{ groups, transcripts },
      view: this.view,
      filters,
      overlays: new Overlays(bundle),
      images: new Images(bundle, this.view, filters),
      slides: new Slides(bundle, this.view, filters, shared.slides.settings),
      sections: new SectionNames(bundle, this.view, filters, categories),
      during: (task, what, work) => shared.during(task, what, work),
    };
  }

  /** Shows something. */
  show(content: Content): Promise<void> {
    return (this.ready = this.#show(content));
  }

  async #show(content: Content): Promise<void> {
    const { bundle, view: stage } = this.shared;
    this.content.value = content;
    if (content.kind === 'plot') return;
    const embedding = embeddingOf(bundle, content);
    const known = [stage.embedding.peek(), this.view.embedding.peek()].find(
      (each) => each?.index === embedding,
    );
    if (known) return this.view.adopt(known);
    await this.shared.during('embedding', `Loading ${contentName(bundle, content)}`, () =>
      this.view.choose(embedding),
    );
  }

  /** The plot that it shows; null for cells. */
  get plot(): ViewId | null {
    const content = this.content.value;
    return content.kind === 'plot' ? content.view : null;
  }

  /** Whether a cell is drawn here, unless a filter hides it. */
  holds(cell: number): boolean {
    const part = this.part.value;
    return !part || (cell >= part.start && cell < part.end);
  }
}

function partOf({ sections }: TissueState, content: Content): Part | null {
  if (content.kind !== 'section' || !sections.info) return null;
  const { embedding, items } = sections.info;
  const { start, end } = items[content.section];
  return {
    section: content.section,
    embedding,
    start,
    end,
    orientation: sections.orientationOf(content.section),
  };
}
