import { useEffect } from 'preact/hooks';
import { spatialFacts } from '../../../state/markers/near/spatial';
import type { Session } from '../../../state/session';
import { useGenes } from '../../panel/colour/gene_search';
import { Sorted } from '../grid';

/** All genes by their spatial pattern. */
export function SpatialView({ session }: { session: Session }) {
  const { near } = session.markers;
  const genes = useGenes(session);
  useEffect(() => {
    void session.during('markers', 'Loading the spatial patterns', () => near.loadGenes());
  }, [session]);
  const table = near.table.value;
  return (
    <>
      {genes && table ? (
        <Sorted
          session={session}
          table={table}
          genes={genes}
          label="Spatially variable genes"
          stem="spatial_genes"
        />
      ) : (
        <p class="quiet">Loading the spatial patterns …</p>
      )}
      <p class="quiet facts">{spatialFacts(near.neighbourhoods!)}</p>
    </>
  );
}
