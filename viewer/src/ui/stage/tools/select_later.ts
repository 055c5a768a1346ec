import type { Cells, Mode } from '../../../state/selection/sets';
import type { Region } from '../../../state/selection/regions/region';
import type { Session } from '../../../state/session';

/** Selects cells once they are found. With very many, the browser may have no memory left for them. */
export function selectLater(
  session: Session,
  mode: Mode,
  cells: Promise<Cells>,
  region: Region | null,
): void {
  session.selection
    .applyLater(mode, cells, region)
    .catch((error: unknown) => (session.problem.value = error));
}
