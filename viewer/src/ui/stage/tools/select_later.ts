import type { Cells, Mode } from '../../../state/selection/sets';
import type { Session } from '../../../state/session';

/** Selects cells once they are found. With very many, the browser may have no memory left for them. */
export function selectLater(session: Session, mode: Mode, cells: Promise<Cells>): void {
  session.selection.applyLater(mode, cells).catch((error: unknown) => (session.problem.value = error));
}
