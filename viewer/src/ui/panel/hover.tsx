import { useMemo } from 'preact/hooks';
import type { Session } from '../../state/session';
import { Icon } from '../icons';
import { ColumnField } from './controls/column_field';

/** Which columns the tooltip tells, beside those that are loaded anyway. */
export function Hover({ session }: { session: Session }) {
  const { columns } = session.bundle;
  const { details } = session;
  const all = useMemo(() => [...columns.keys()], [columns]);
  if (all.length === 0) return null;
  const chosen = details.chosen.value;
  const told = new Set(details.columns.value);
  return (
    <section>
      <h2>Tooltip</h2>
      {chosen.length > 0 && (
        <ul class="chips">
          {chosen.map((column) => (
            <li key={column}>
              <span title={columns[column].name}>
                <b>{columns[column].name}</b>
                {columns[column].kind === 'string' && ' on a click'}
              </span>
              <button
                type="button"
                aria-label={`Do not tell ${columns[column].name}`}
                onClick={() => void session.tell(chosen.filter((each) => each !== column))}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <ColumnField
        id="tooltip-field"
        label="Tell of a cell"
        columns={columns}
        offered={all}
        chosen={null}
        nothing="Add a column"
        unfit={(column) => (told.has(column) ? 'told' : null)}
        onChoose={(column) => column !== null && void session.tell([...chosen, column])}
      />
    </section>
  );
}
