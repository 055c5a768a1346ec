import { signal } from '@preact/signals';
import type { Session } from '../../state/session';

/** What was undone last, for screen readers. */
export const undone = signal('');

export async function undo({ history }: Session): Promise<void> {
  const what = await history.undo();
  undone.value = what === null ? 'There is nothing to undo.' : `Undone: ${what}.`;
}

export async function redo({ history }: Session): Promise<void> {
  const what = await history.redo();
  undone.value = what === null ? 'There is nothing to redo.' : `Redone: ${what}.`;
}

/** Handles Ctrl+Z, Shift+Ctrl+Z and Ctrl+Y, on a Mac with Command; true if it was one of these. */
export function onUndoKey(event: KeyboardEvent, session: Session): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
  const key = event.key.toLowerCase();
  if (key === 'z') void (event.shiftKey ? redo(session) : undo(session));
  else if (key === 'y' && event.ctrlKey && !event.shiftKey) void redo(session);
  else return false;
  event.preventDefault();
  return true;
}
