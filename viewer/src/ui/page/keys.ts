import { ViewerError } from '../../bytes/errors';
import type { Tool } from '../../state/selection/tools';
import type { Session } from '../../state/session';
import { sessionsOf } from '../sessions/sessions';
import { folded, toggleFold } from './fold';
import { onUndoKey } from './undo';

/** The field that `/` jumps to. */
export const GENE_FIELD = 'gene-field';
/** The id of the plot, which gets the focus when a field is left. */
export const PLOT = 'plot';

/** Focuses the plot, so that the keys move it. */
export function leaveForPlot(): void {
  document.getElementById(PLOT)?.focus();
}

/** Focuses what the last panel beside the stage shows, once it is drawn. */
export function focusLastPanel(): void {
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>('.side:last-of-type > header select')?.focus(),
  );
}

/** Handles keys that work with any focus except in a text field. */
export function listenToKeys(session: Session, { help }: { help: () => void }): () => void {
  const onKey = (event: KeyboardEvent) => {
    // Nothing may change behind an open dialog.
    if (takesText(event.target) || document.querySelector('dialog[open]')) return;
    if (onUndoKey(event, session) || event.ctrlKey || event.metaKey || event.altKey) return;
    const actions = new Map([
      ['/', searchGene],
      ['?', help],
      ['v', () => session.tools.choose('move')],
      ['l', () => session.tools.toggle('lasso')],
      ['r', () => toggleFrame(session)],
      ['b', () => session.tools.toggle('brush')],
      ['[', () => resizeOrWalk(session, -1)],
      [']', () => resizeOrWalk(session, 1)],
      ['d', () => flatten(session)],
      ['p', toggleFold],
      ['w', () => toggleBeside(session)],
      ['s', () => void sessionsOf(session).keep()],
    ]);
    const action = actions.get(event.key);
    if (action) {
      event.preventDefault();
      action();
    } else if (event.key === 'Escape') undoLatest(session);
    else if (event.key === 'PageUp' || event.key === 'PageDown') walk(event, session);
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

function searchGene(): void {
  const focus = () => document.getElementById(GENE_FIELD)?.focus();
  if (!folded.peek()) return focus();
  toggleFold();
  // A field that was folded away can get the focus once it is drawn.
  requestAnimationFrame(focus);
}

/** Chooses a tool by its button: that of the current one puts it down. */
export function chooseTool({ tools }: Session, tool: Tool): void {
  if (tool === 'move') tools.choose('move');
  else tools.toggle(tool);
}

/** The arrow keys move the rectangle while the plot has the focus. */
function toggleFrame({ tools }: Session): void {
  tools.toggle('rectangle');
  if (tools.isSelecting.peek()) leaveForPlot();
}

/** The brush becomes smaller or larger while it is in the hand; else the section before or after is shown. */
function resizeOrWalk({ tools, tissue }: Session, by: 1 | -1): void {
  if (tools.tool.peek() === 'brush' || tissue.sections.section.peek() === null) tools.resize(by);
  else tissue.sections.walk(by);
}

/** Shows the other kind of embedding or another section beside the stage, or closes all panels. */
export function toggleBeside({ panels, bundle, problem }: Session): void {
  const { beside } = panels;
  if (panels.list.peek().length > 0) panels.closeAll();
  else if (beside !== null) panels.open(beside);
  // With several, the first is being loaded.
  else if (bundle.embeddings.length < 2)
    problem.value = new ViewerError(
      'There are no other coordinates or sections to show beside this.',
      'A plot or table can be moved here from the drawer.',
    );
}

function flatten({ view }: Session): void {
  if (view.embedding.peek()?.width === 3) view.flatten(!view.flat.peek());
}

/** The next section that is shown large, or the one before. */
function walk(event: KeyboardEvent, { tissue }: Session): void {
  if (tissue.sections.section.peek() === null) return;
  event.preventDefault();
  tissue.sections.walk(event.key === 'PageDown' ? 1 : -1);
}

/** Undoes one thing at a time, the latest first. */
function undoLatest(session: Session): void {
  const { tools } = session;
  if (tools.frame.peek()) tools.frame.value = null;
  else if (tools.isSelecting.peek()) tools.choose('move');
  else if (session.pinned.peek() !== null) session.pinned.value = null;
  else if (session.selection.count.peek() > 0) session.selection.clear();
  else if (session.tissue.sections.section.peek() !== null) session.tissue.sections.showGrid();
}

function takesText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !['range', 'checkbox', 'radio'].includes(target.type);
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
