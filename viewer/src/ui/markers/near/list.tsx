import { useMemo } from 'preact/hooks';
import type { Enrichment, NeighbourGroups } from '../../../bundle/statistics';
import { pairsColumns, sortedPairs } from '../../../state/markers/near/matrix';
import { statisticText } from '../../../state/markers/table';
import { toCsv } from '../../../state/texts/csv';
import { formatCount } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';
import { fileStem, save } from '../../page/save';
import { Rows } from '../../widgets/rows';

interface NeighbourListProps {
  session: Session;
  grouping: NeighbourGroups;
  enrichment: Enrichment;
}

/** The numbers of all pairs of groups, the highest z-score first. */
export function NeighbourList({ session, grouping, enrichment }: NeighbourListProps) {
  const pairs = useMemo(() => sortedPairs(enrichment), [enrichment]);
  const { column } = grouping;
  const { categories } = session.categories.withShownNames(grouping);
  const stem = fileStem(`${session.bundle.name}_neighbours_${column}`);
  return (
    <>
      <div class="drawer-tools">
        <span class="quiet" role="status">
          {formatCount(pairs.length)} pairs of groups, by falling z
        </span>
        <button
          type="button"
          class="button"
          title="Save the numbers"
          onClick={() =>
            save(
              new Blob([toCsv(pairsColumns(enrichment, grouping, categories))], { type: 'text/csv' }),
              `${stem}.csv`,
            )
          }
        >
          <Icon name="download" /> CSV
        </button>
      </div>
      <div class="grid-scroll">
        <div
          class="grid near-grid"
          role="table"
          aria-label={`Neighbouring groups of ${column}`}
          aria-rowcount={pairs.length + 1}
          style={{ '--columns': '3' }}
        >
          <div role="rowgroup" class="grid-head">
            <div role="row" aria-rowindex={1} class="grid-row">
              {['Group', 'Neighbour', 'z', 'Count'].map((title) => (
                <span key={title} role="columnheader" class="quiet">
                  {title}
                </span>
              ))}
            </div>
          </div>
          <Rows count={pairs.length} list={{ role: 'rowgroup' }}>
            {(at, attributes, isStop) => {
              const pair = pairs[at];
              return (
                <li
                  key={at}
                  {...attributes}
                  role="row"
                  class="grid-row"
                  tabIndex={isStop ? 0 : -1}
                  aria-setsize={undefined}
                  aria-posinset={undefined}
                  aria-rowindex={at + 2}
                >
                  <span role="rowheader">{categories[Math.floor(pair / categories.length)]}</span>
                  <span role="cell">{categories[pair % categories.length]}</span>
                  <span role="cell">{statisticText(enrichment.zScores[pair], 'number')}</span>
                  <span role="cell">{formatCount(enrichment.counts[pair])}</span>
                </li>
              );
            }}
          </Rows>
        </div>
      </div>
    </>
  );
}
