import type { Signal } from '@preact/signals-core';
import type { Bundle } from '../../bundle/bundle';
import type { Categories } from '../colouring/categories';
import type { Colouring } from '../colouring/colouring';
import type { Curtain } from '../colouring/curtain';
import type { Spotlight } from '../colouring/spotlight';
import type { CategoryNames } from '../view/category_names';
import type { SectionNames } from '../view/section_names';
import type { Groups } from '../selection/groups';
import type { Selection } from '../selection/selection';
import type { EmbeddingView } from '../view/embedding_view';
import type { Appearance } from './appearance';
import type { CellFilters } from './cell_filters';
import type { Hovered } from './hovered';
import type { Images } from './images';
import type { Overlays } from './overlays';
import type { ShownTranscripts } from './transcripts';
import type { Slides } from './slides';

/** Tasks of a scene that may fail. */
export type SceneTask = 'image' | 'edges' | 'vectors' | 'names';

/**
 * What a scene draws of a session. A panel beside the stage has its own view, and what depends on it; it shares the
 * rest with the stage.
 */
export interface SceneSession {
  readonly bundle: Bundle;
  readonly view: EmbeddingView;
  readonly images: Images;
  readonly slides: Slides;
  readonly sections: SectionNames;
  readonly overlays: Overlays;
  readonly transcripts: ShownTranscripts;
  readonly filters: CellFilters;
  readonly colouring: Colouring;
  /** Other colours at the right of a line; absent beside the stage. */
  readonly curtain?: Curtain;
  readonly categories: Categories;
  readonly names: CategoryNames;
  readonly spotlight: Pick<Spotlight, 'cells'>;
  readonly selection: Pick<Selection, 'cells'>;
  readonly groups: Pick<Groups, 'list'>;
  readonly appearance: Appearance;
  readonly hovered: Signal<Hovered | null>;
  readonly pinned: Signal<number | null>;
  readonly problem: Signal<unknown>;
  /** Runs a task. Shows what is loading meanwhile, and keeps the error for the page to show. */
  during(task: SceneTask, what: string, work: () => Promise<void>): Promise<void>;
}
