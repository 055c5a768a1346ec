import { formatCount } from '../../../state/texts/format';
import type { Session } from '../../../state/session';

/** How many genes of a list are loaded, and the way to stop. */
export function ListProgress({ session }: { session: Session }) {
  const { colouring } = session;
  const progress = colouring.progress.value;
  if (!progress) return null;
  const { done, total } = progress;
  return (
    <div class="list-progress">
      <progress aria-label="Loaded genes" value={done} max={total} />
      <span class="count">
        {formatCount(done)} of {formatCount(total)} genes
      </span>
      <button type="button" class="text" onClick={() => colouring.cancel()}>
        Cancel
      </button>
    </div>
  );
}
