import { useEffect } from 'preact/hooks';
import type { NeighbourGroups } from '../../../bundle/statistics';
import { linesFacts } from '../../../state/markers/near/lines';
import { isDrawn, neighbourFacts } from '../../../state/markers/near/matrix';
import type { Session } from '../../../state/session';
import { NearChoices } from './choices';
import { LinesPlot } from './lines';
import { NeighbourList } from './list';
import { MatrixPlot } from './matrix';

interface ShownProps {
  session: Session;
  grouping: NeighbourGroups;
}

/** Neighbouring groups: as a matrix, as a table, or by distance. */
export function NeighboursView({ session }: { session: Session }) {
  const { near } = session.markers;
  const grouping = near.grouping.value!;
  const shown = near.shown.value;
  useEffect(() => {
    void session.during('markers', 'Loading neighbouring groups', () => near.load());
  }, [session, near.chosen.value, shown]);
  return (
    <>
      <NearChoices session={session} />
      {shown === 'lines' ? (
        <ByDistance session={session} grouping={grouping} />
      ) : (
        <Pairs session={session} grouping={grouping} />
      )}
    </>
  );
}

function ByDistance({ session, grouping }: ShownProps) {
  const { near } = session.markers;
  const { ratios, chosen, group } = near;
  if (ratios.value?.grouping !== chosen.value) return <Loading />;
  return (
    <div class="near-body">
      <LinesPlot session={session} grouping={grouping} ratios={ratios.value.values} of={group.value} />
      <p class="quiet facts">
        {linesFacts(grouping, session.categories.withShownNames(grouping).categories[group.value])}
      </p>
    </div>
  );
}

function Pairs({ session, grouping }: ShownProps) {
  const { near } = session.markers;
  const { enrichment, chosen } = near;
  if (enrichment.value?.grouping !== chosen.value) return <Loading />;
  const props = { session, grouping, enrichment: enrichment.value.values };
  const wantsMatrix = near.shown.value === 'matrix';
  const isMatrix = wantsMatrix && isDrawn(grouping);
  const facts = (
    <p class="quiet facts">
      {neighbourFacts(near.neighbourhoods!)}
      {wantsMatrix && !isMatrix && ' There are too many groups to draw a matrix.'}
    </p>
  );
  return isMatrix ? (
    <div class="near-body">
      <MatrixPlot {...props} />
      {facts}
    </div>
  ) : (
    <>
      <NeighbourList {...props} />
      {facts}
    </>
  );
}

function Loading() {
  return <p class="quiet">Loading neighbouring groups …</p>;
}
