import { signal } from '@preact/signals';
import { Icon } from '../widgets/icons';

const SHOWN_MS = 4000;

interface Said {
  readonly text: string;
  /** What the reader may want next; the message then stays until it is dismissed. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

const said = signal<Said | null>(null);
let timer = 0;

/** Tells what an action did. */
export function say(text: string, action?: Said['action']): void {
  clearTimeout(timer);
  said.value = { text, action };
  if (!action) timer = window.setTimeout(() => (said.value = null), SHOWN_MS);
}

export function Status() {
  const now = said.value;
  const dismiss = () => (said.value = null);
  return (
    <div class="status" role="status">
      {now?.text}
      {now?.action && (
        <>
          {' '}
          <button
            type="button"
            class="text"
            onClick={() => {
              dismiss();
              now.action?.run();
            }}
          >
            {now.action.label}
          </button>
          <button type="button" class="text close" aria-label="Hide this message" onClick={dismiss}>
            <Icon name="close" />
          </button>
        </>
      )}
    </div>
  );
}
