import { effect, untracked } from '@preact/signals-core';
import type { EmbeddingView } from '../view/embedding_view';
import type { SectionsState } from './sections/sections';

interface Following {
  readonly tissue: { readonly sections: SectionsState };
  readonly view: EmbeddingView;
  chooseEmbedding(index: number): Promise<void>;
}

/** Fits the view to each section that is opened; opens the first in its tissue, whatever was drawn before. */
export function followSection(session: Following): void {
  const { tissue, view } = session;
  const { sections } = tissue;
  let last = sections.section.peek();
  effect(() => {
    const section = sections.section.value;
    untracked(() => {
      if (section === last) return;
      const isFirst = last === null;
      last = section;
      view.reset();
      const embedding = view.embedding.peek();
      // From one section to the next, the embedding that the user chose stays.
      if (isFirst && sections.info && embedding && embedding.index !== sections.info.embedding)
        void session.chooseEmbedding(sections.info.embedding);
    });
  });
}
