import { useEffect, useMemo } from 'preact/hooks';
import { computedFacts, scatterOf, variableFacts, withComputed } from '../../state/markers/variable';
import type { Session } from '../../state/session';
import { useGenes } from '../panel/colour/gene_search';
import { TablesChoice } from './choices';
import { Sorted } from './grid';
import { NoTables } from './no_tables';
import { Scatter } from './scatter';

/** All genes by how much they vary: a table, and variance against mean. */
export function VariableView({ session }: { session: Session }) {
  const { markers } = session;
  const genes = useGenes(session);
  const tables = markers.tables.value;
  useEffect(() => {
    void session.during('markers', 'Loading the variances', () => markers.loadVariable());
  }, [session, tables]);
  const info = tables === null ? null : markers.statistics!.groupings[tables];
  const table = markers.variable.value;
  const isLoaded = genes && table?.grouping === tables;
  const points = useMemo(() => table && scatterOf(table), [table]);
  const computed = genes?.variable ?? null;
  const shown = useMemo(() => table && withComputed(table, computed), [table, computed]);
  if (!info?.hasVariances) {
    return (
      <>
        <div class="drawer-choices">
          <TablesChoice session={session} />
        </div>
        <NoTables session={session} variances />
      </>
    );
  }
  return (
    <>
      <div class="drawer-choices">
        <TablesChoice session={session} />
      </div>
      {isLoaded && points && shown ? (
        <div class="variable">
          <Scatter session={session} points={points} names={genes.names} />
          <div class="variable-table">
            <Sorted
              session={session}
              table={shown}
              genes={genes}
              label="Variable genes"
              stem={`variable_genes_${info.column}`}
            />
          </div>
          <p class="quiet facts">{variableFacts(info) + computedFacts(computed)}</p>
        </div>
      ) : (
        <p class="quiet">Loading the variances …</p>
      )}
    </>
  );
}
