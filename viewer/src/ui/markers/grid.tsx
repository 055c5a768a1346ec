import { useEffect, useMemo, useState } from 'preact/hooks';
import type { GeneTable } from '../../bundle/bundle';
import { NameSearch } from '../../state/lists/search';
import { notCompared, testFacts } from '../../state/markers/facts';
import {
  filterRows,
  firstSort,
  GENE,
  markerText,
  sortRows,
  tableCsv,
  type MarkerTable,
  type Sort,
} from '../../state/markers/table';
import { formatCount } from '../../state/texts/format';
import type { Session } from '../../state/session';
import { Icon } from '../widgets/icons';
import { fileStem, save } from '../page/save';
import { useGenes } from '../panel/colour/gene_search';
import { Rows } from '../widgets/rows';
import { GroupChoice, GroupingChoice } from './choices';
import { colourByMarker, colouringGene } from './colour';

/** All genes of a group: sorted by any column, filtered by name, saved as CSV. */
export function MarkerGrid({ session }: { session: Session }) {
  const { markers } = session;
  const genes = useGenes(session);
  const chosen = markers.chosen.value;
  useEffect(() => {
    void session.during('markers', 'Loading markers', () => markers.loadTable());
  }, [session, chosen]);
  const table = markers.table.value;
  const { grouping, group } = chosen;
  const others = markers.others.value.get(grouping);
  const named = useMemo(() => genes && withOthers(genes, others), [genes, others]);
  const isLoaded = named && table?.grouping === grouping && table.group === group;
  const info = markers.statistics!.groupings[grouping];
  const { column, categories, file } = info;
  const shown = session.categories.withShownNames(info);
  return (
    <>
      <div class="drawer-choices">
        <GroupingChoice session={session} />
        <GroupChoice session={session} />
      </div>
      {isLoaded ? (
        <Sorted
          session={session}
          table={table}
          genes={named}
          label={`Markers of ${shown.categories[group]}`}
          stem={`markers_${file ? `${file.key}_` : ''}${column}_${categories[group]}`}
        />
      ) : (
        <p class="quiet">Loading markers …</p>
      )}
      <p class="quiet facts">
        {testFacts(markers.statistics!, shown, group).join(' ')} {notCompared(shown)}
      </p>
    </>
  );
}

/** The names of the genes, followed by those that are ranked but not exported. */
function withOthers({ names, ids }: GeneTable, others: readonly string[] = []): GeneTable {
  if (others.length === 0) return { names, ids };
  return { names: [...names, ...others], ids: ids && [...ids, ...others] };
}

interface SortedProps {
  session: Session;
  table: MarkerTable;
  genes: GeneTable;
  label: string;
  /** Of the file name of the CSV. */
  stem: string;
  /** What the numbers are, as the first line of the CSV. */
  head?: string;
}

/** A table with its search field and CSV. */
export function Sorted({ session, table, genes, label, stem, head }: SortedProps) {
  const [typed, setTyped] = useState('');
  const [chosen, setSort] = useState<Sort | null>(null);
  const isThere = chosen && (chosen.by === GENE || table.columns.some(({ key }) => key === chosen.by));
  const sort = isThere ? chosen : firstSort(table);
  const search = useMemo(() => new NameSearch(genes.names, genes.ids), [genes]);
  const sorted = useMemo(() => sortRows(table, genes.names, sort), [table, genes, sort.by, sort.isFalling]);
  const rows = useMemo(() => filterRows(table, sorted, search, typed), [table, sorted, search, typed]);
  const coloured = colouringGene(session);
  const all = table.genes.length;
  const { nGenes } = session.bundle;
  const isBest =
    table.group !== null && session.markers.statistics?.groupings[table.grouping].kept !== undefined;

  const saveTable = () => {
    const name = fileStem(`${session.bundle.name}_${stem}`);
    const first = head === undefined ? '' : `# ${head.replace(/[\r\n]+/g, ' ')}\r\n`;
    save(new Blob([first, tableCsv(table, sorted, genes)], { type: 'text/csv' }), `${name}.csv`);
  };
  const header = (key: string, title: string, help: string) => (
    <span
      key={key}
      role="columnheader"
      aria-sort={sort.by !== key ? undefined : sort.isFalling ? 'descending' : 'ascending'}
      title={help}
    >
      <button
        type="button"
        class="text"
        // Numbers fall and names rise first.
        onClick={() => setSort({ by: key, isFalling: sort.by === key ? !sort.isFalling : key !== GENE })}
      >
        {title}
        {sort.by === key && <span aria-hidden="true">{sort.isFalling ? ' ↓' : ' ↑'}</span>}
      </button>
    </span>
  );
  return (
    <>
      <div class="drawer-tools">
        <input
          type="search"
          aria-label="Find a gene in the table"
          placeholder="Find a gene"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <span class="quiet" role="status">
          {rows.length === all
            ? isBest
              ? `${formatCount(all)} best of ${formatCount(nGenes)} genes`
              : `${formatCount(all)} genes`
            : `${formatCount(rows.length)} of ${formatCount(all)} ${isBest ? 'best genes' : 'genes'}`}
        </span>
        <button type="button" class="button" title="Save all rows as CSV" onClick={saveTable}>
          <Icon name="download" /> CSV
        </button>
      </div>
      <div class="grid-scroll">
        <div
          class="grid"
          role="table"
          aria-label={label}
          aria-rowcount={rows.length + 1}
          style={{ '--columns': String(table.columns.length) }}
        >
          <div role="rowgroup" class="grid-head">
            <div role="row" aria-rowindex={1} class="grid-row">
              {header(GENE, 'Gene', 'Click a gene to colour by it')}
              {table.columns.map(({ key, title, help }) => header(key, title, help))}
            </div>
          </div>
          <Rows key={`${typed} ${sort.by} ${sort.isFalling}`} count={rows.length} list={{ role: 'rowgroup' }}>
            {(at, attributes, isStop) => {
              const row = rows[at];
              const gene = table.genes[row];
              return (
                <li
                  key={at}
                  {...attributes}
                  role="row"
                  class="grid-row"
                  aria-setsize={undefined}
                  aria-posinset={undefined}
                  aria-rowindex={at + 2}
                >
                  <span role="rowheader">
                    <button
                      type="button"
                      class="text marker"
                      tabIndex={isStop ? 0 : -1}
                      aria-pressed={gene === coloured}
                      aria-disabled={gene >= nGenes || undefined}
                      title={
                        gene < nGenes
                          ? [genes.names[gene], genes.ids?.[gene]].filter(Boolean).join(' · ')
                          : `${genes.names[gene]} is not exported`
                      }
                      onClick={() => {
                        if (gene < nGenes) void colourByMarker(session, gene, genes.names[gene]);
                      }}
                    >
                      {genes.names[gene]}
                    </button>
                  </span>
                  {table.columns.map((each) => (
                    <span key={each.key} role="cell">
                      {markerText(each, row)}
                    </span>
                  ))}
                </li>
              );
            }}
          </Rows>
        </div>
      </div>
    </>
  );
}
