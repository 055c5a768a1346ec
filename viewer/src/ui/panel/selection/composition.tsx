import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Codes } from '../../../state/filters/mask';
import { compositionCsv, compositionOf, totalsOf, type Share } from '../../../state/selection/composition';
import { labelsOf } from '../../../state/texts/cell_value';
import { formatCount, formatShare } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';
import { fileStem, save } from '../../page/save';
import { ColumnField } from '../controls/column_field';

const MOST_SHOWN = 30;
const SELECTION = '';

/** Counts the categories of the selected cells, or of those of a group. */
export function Composition({ session }: { session: Session }) {
  const { bundle, selection, groups, colouring } = session;
  const { columns } = bundle;
  const usable = useMemo(
    () => [...columns.keys()].filter((index) => ['category', 'bool'].includes(columns[index].kind)),
    [columns],
  );
  const last = colouring.lastCategories.value?.column;
  const [chosen, setChosen] = useState<number | null>(last ?? usable.at(0) ?? null);
  const [name, setName] = useState(SELECTION);
  const group = groups.list.value.find((each) => each.name === name);
  const cells = group?.cells ?? selection.cells.value;
  const values = useCodes(session, chosen);
  const names = chosen === null ? [] : session.categories.namesOf(chosen);
  const parts = useMemo(() => {
    if (!values || chosen === null) return null;
    return compositionOf(cells, values.codes, labelsOf(columns[chosen]), values.totals, names);
  }, [cells, values, names]);
  if (usable.length === 0) return <p class="quiet">This export has no column of categories.</p>;
  return (
    <div class="by-value" role="group" aria-label="Composition">
      {groups.list.value.length > 0 && (
        <label class="field">
          <span>Of</span>
          <select value={group ? name : SELECTION} onChange={(event) => setName(event.currentTarget.value)}>
            <option value={SELECTION}>the selection</option>
            {groups.list.value.map((each) => (
              <option key={each.name}>{each.name}</option>
            ))}
          </select>
        </label>
      )}
      <ColumnField
        id="composition-field"
        label="By"
        columns={columns}
        offered={usable}
        chosen={chosen}
        nothing="Choose a column"
        whyDisabled={() => null}
        onChoose={setChosen}
      />
      {cells.length === 0 && <p class="quiet">No cells are selected.</p>}
      {parts && parts.length > 0 && <Bars parts={parts} />}
      {parts && parts.length > 0 && chosen !== null && (
        <div class="buttons">
          <button
            type="button"
            aria-label="Save the composition as CSV"
            onClick={() => {
              const text = compositionCsv(columns[chosen].name, parts);
              save(new Blob([text], { type: 'text/csv' }), `${fileStem(bundle.name)}_composition.csv`);
            }}
          >
            <Icon name="download" /> CSV
          </button>
        </div>
      )}
    </div>
  );
}

function Bars({ parts }: { parts: readonly Share[] }) {
  const all = parts.reduce((sum, { count }) => sum + count, 0);
  const more = parts.length - MOST_SHOWN;
  return (
    <>
      <table class="composition">
        <thead class="unseen">
          <tr>
            <th scope="col">Category</th>
            <th scope="col">Cells</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {parts.slice(0, MOST_SHOWN).map(({ code, shown, count, total }) => (
            <tr
              key={code}
              title={`${shown}: ${formatShare(count, total)} of its ${formatCount(total)} cells`}
            >
              <th scope="row">
                <span class="part-name">{shown}</span>
                <span class="part-bar" style={{ width: `${(100 * count) / parts[0].count}%` }} />
              </th>
              <td>{formatCount(count)}</td>
              <td>{formatShare(count, all)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p class="quiet">and {formatCount(more)} more, in the CSV file</p>}
    </>
  );
}

interface Counted {
  readonly column: number;
  readonly codes: Codes;
  readonly totals: Uint32Array;
}

/** The codes of a column, once they are loaded. */
function useCodes(session: Session, column: number | null): Counted | null {
  const [loaded, setLoaded] = useState<Counted | null>(null);
  useEffect(() => {
    if (column === null) return;
    const left = new AbortController();
    session.bundle.column(column, left.signal).then(
      (values) => {
        if (values.kind !== 'codes') return;
        const nLabels = labelsOf(session.bundle.columns[column]).length;
        setLoaded({ column, codes: values, totals: totalsOf(values, nLabels) });
      },
      (error: unknown) => session.report(error),
    );
    return () => left.abort();
  }, [session, column]);
  return loaded?.column === column ? loaded : null;
}
