import type { Session } from '../../state/session';
import { folded, toggleFold } from './fold';

/** The field that `/` jumps to. */
export const GENE_FIELD = 'gene-field';
/** Of the plot: where a field is left for. */
export const PLOT = 'plot';

/** The plot gets the focus, and with it the keys that move it. */
export function leaveForPlot(): void {
  document.getElementById(PLOT)?.focus();
}

/** Keys that work wherever the focus is, but in a field that takes text. */
export function listenToKeys(session: Session, { help }: { help: () => void }): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
    // What a dialog lies over is not to be changed behind it.
    if (document.querySelector('dialog[open]')) return;
    const actions = new Map([
      ['/', searchGene],
      ['?', help],
      ['l', () => (session.lassoing.value = !session.lassoing.peek())],
      ['d', () => flatten(session)],
      ['p', toggleFold],
    ]);
    const action = actions.get(event.key);
    if (action) {
      event.preventDefault();
      action();
    } else if (event.key === 'Escape') letGo(session);
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

function searchGene(): void {
  const focus = () => document.getElementById(GENE_FIELD)?.focus();
  if (!folded.peek()) return focus();
  toggleFold();
  // A field that was folded away can have the focus once it is drawn.
  requestAnimationFrame(focus);
}

function flatten({ view }: Session): void {
  if (view.embedding.peek()?.width === 3) view.flatten(!view.flat.peek());
}

/** One thing at a time, the latest first. */
function letGo(session: Session): void {
  if (session.lassoing.peek()) session.lassoing.value = false;
  else if (session.pinned.peek() !== null) session.pinned.value = null;
  else session.selection.clear();
}

function takesText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !['range', 'checkbox', 'radio'].includes(target.type);
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
