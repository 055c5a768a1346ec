import { missingTables } from '../../state/markers/facts';
import type { Session } from '../../state/session';

/** What is missing for a plot, and how to get it. */
export function NoTables({ session, variances = false }: { session: Session; variances?: boolean }) {
  const { statistics, grouping } = session.markers;
  return <p class="quiet plot-empty">{missingTables(statistics!, grouping.value!.column, variances)}</p>;
}
