import { useEffect } from 'preact/hooks';
import type { Session } from '../../../state/session';

/** Loads the sets of the bundle. */
export function useSets(session: Session): void {
  useEffect(() => {
    session.loadSets().catch((error: unknown) => (session.problem.value = error));
  }, [session]);
}
