import type { Session } from '../session';
import type { SceneSession } from './scene_session';

/** What the stage draws of a session: the section that is shown alone, or all cells. */
export function stageSession(session: Session): SceneSession {
  return {
    ...session,
    filters: session.drawn,
    during: (task, what, work) => session.during(task, what, work),
  };
}
