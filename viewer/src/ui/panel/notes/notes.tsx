import { useEffect } from 'preact/hooks';
import type { Session } from '../../../state/session';

/** What people should know about the picture. */
export function Notes({ session }: { session: Session }) {
  const { notes, filters } = session;
  const mask = filters.mask.value;
  useEffect(() => {
    notes.load().catch((error: unknown) => (session.problem.value = error));
  }, [session, mask]);
  return (
    <>
      {notes.shown.value.map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
    </>
  );
}
