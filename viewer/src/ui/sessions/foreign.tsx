import { useEffect, useRef } from 'preact/hooks';
import { sessionsOf, type Foreign } from './sessions';
import type { Session } from '../../state/session';

/** Asks what to do with a session of another data set. */
export function ForeignDialog({ session }: { session: Session }) {
  const { foreign } = sessionsOf(session);
  return foreign.value ? <Ask key={foreign.value} session={session} foreign={foreign.value} /> : null;
}

function Ask({ session, foreign }: { session: Session; foreign: Foreign }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const sessions = sessionsOf(session);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="card"
      aria-labelledby="foreign-title"
      onClose={() => (sessions.foreign.value = null)}
    >
      <h2 id="foreign-title">This session is of other cells</h2>
      <p>Of the data set in the session: {foreign.comparison.differences.join('; ')}.</p>
      <p>
        Its groups and its selection are numbers of cells, which would be wrong here, and stay out. Names of
        genes, columns and categories may fit.
      </p>
      <div class="ways">
        <button type="button" class="button primary" onClick={() => void sessions.restoreForeign(foreign)}>
          Restore what fits
        </button>
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
      </div>
    </dialog>
  );
}
