import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';
import { redo, undo, undone } from '../../page/undo';

/** Goes back and forth through the states of the page. */
export function UndoButtons({ session }: { session: Session }) {
  const { undoes, redoes } = session.history;
  const title = (what: string | null, keys: string) => (what === null ? keys : `${what} (${keys})`);
  return (
    <div class="tools" role="group" aria-label="History">
      <button
        type="button"
        aria-label="Undo"
        title={`Undo: ${title(undoes.value, 'Ctrl+Z')}`}
        disabled={undoes.value === null}
        onClick={() => void undo(session)}
      >
        <Icon name="undo" />
      </button>
      <button
        type="button"
        aria-label="Redo"
        title={`Redo: ${title(redoes.value, 'Shift+Ctrl+Z')}`}
        disabled={redoes.value === null}
        onClick={() => void redo(session)}
      >
        <Icon name="redo" />
      </button>
      <span class="unseen" role="status">
        {undone.value}
      </span>
    </div>
  );
}
