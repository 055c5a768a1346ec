import { effect, signal } from '@preact/signals';
import { Icon } from '../widgets/icons';

const KEY = 'karospace-panel';
const FOLDED = 'folded';
const FOLD = 'fold-panel';
const UNFOLD = 'unfold-panel';

/** Whether the panel is folded away. */
export const folded = signal(remembered());

/** Keeps the choice across reloads. */
export function rememberFold(): void {
  effect(() => {
    try {
      localStorage.setItem(KEY, folded.value ? FOLDED : '');
    } catch {
      // Some file:// pages and private windows deny storage: the choice then lasts as long as the page.
    }
  });
}

/** Folds or unfolds the panel. If it had the focus, the button that reverses this gets it. */
export function toggleFold(): void {
  const had = document.activeElement;
  const isLost = folded.peek() ? had?.id === UNFOLD : had?.closest('.panel');
  folded.value = !folded.peek();
  if (!isLost) return;
  const next = folded.peek() ? UNFOLD : FOLD;
  requestAnimationFrame(() => document.getElementById(next)?.focus());
}

/** The button in the panel that folds it. */
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

/** The button over the cells that unfolds the panel. */
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
