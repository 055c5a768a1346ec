import { effect, signal } from '@preact/signals';
import { Icon } from '../icons';

const KEY = 'karospace-panel';
const FOLDED = 'folded';
const FOLD = 'fold-panel';
const UNFOLD = 'unfold-panel';

/** Whether the panel is out of the way. */
export const folded = signal(remembered());

/** Keeps the choice over a reload. */
export function rememberFold(): void {
  effect(() => {
    try {
      localStorage.setItem(KEY, folded.value ? FOLDED : '');
    } catch {
      // Storage is denied to some file:// pages and private windows: the choice then lasts as long as the page.
    }
  });
}

/** Folds the panel, or unfolds it. A focus that would be lost with it goes to the button that undoes this. */
export function toggleFold(): void {
  const had = document.activeElement;
  const isLost = folded.peek() ? had?.id === UNFOLD : had?.closest('.panel');
  folded.value = !folded.peek();
  if (!isLost) return;
  const next = folded.peek() ? UNFOLD : FOLD;
  requestAnimationFrame(() => document.getElementById(next)?.focus());
}

/** In the panel. */
export function FoldButton() {
  return (
    <button
      id={FOLD}
      type="button"
      class="button square fold"
      aria-label="Hide panel"
      title="Hide this panel (P)"
      aria-expanded={true}
      onClick={toggleFold}
    >
      <Icon name="fold" />
    </button>
  );
}

/** Over the cells, where the panel is away. */
export function UnfoldButton() {
  if (!folded.value) return null;
  return (
    <button
      id={UNFOLD}
      type="button"
      class="button square unfold"
      aria-label="Show panel"
      title="Show the panel (P)"
      aria-expanded={false}
      onClick={toggleFold}
    >
      <Icon name="unfold" />
    </button>
  );
}

function remembered(): boolean {
  try {
    return localStorage.getItem(KEY) === FOLDED;
  } catch {
    return false;
  }
}
