import { effect } from '@preact/signals';
import type { Session } from '../../../state/session';

/** Loads the coordinates of all cells once something else than the grid of panels is shown. */
export function loadOnNeed(session: Session): () => void {
  const { view, tissue } = session;
  const { sections } = tissue;
  return effect(() => {
    if (sections.mode.value === 'grid') return;
    if (view.embedding.peek()) return;
    const section = sections.section.peek();
    void session.chooseEmbedding(section === null ? view.wanted.peek() : sections.info!.embedding);
  });
}
