import { useMemo } from 'preact/hooks';
import type { Session } from '../../state/session';
import { Icon } from '../widgets/icons';
import { ColumnField } from './controls/column_field';
import { Section } from './controls/section';

/** Chooses columns of the tooltip, in addition to those that it shows anyway. */
export function Hover({ session }: { session: Session }) {
  const { columns } = session.bundle;
  const { details } = session;
  const chosen = details.chosen.value;
  const shown = details.columns.value;
  const offered = useMemo(() => {
    const taken = new Set(shown);
    return [...columns.keys()].filter((column) => !taken.has(column));
  }, [columns, shown]);
  if (offered.length === 0 && chosen.length === 0) return null;
  return (
    <Section id="cell" title="Cell">
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
                aria-label={`Remove ${columns[column].name} from the tooltip`}
                onClick={() => void session.chooseDetails(chosen.filter((each) => each !== column))}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {offered.length > 0 && (
        <ColumnField
          id="tooltip-field"
          label="Also show in the tooltip"
          columns={columns}
          offered={offered}
          chosen={null}
          nothing="Add a column"
          whyDisabled={() => null}
          onChoose={(column) => column !== null && void session.chooseDetails([...chosen, column])}
        />
      )}
    </Section>
  );
}
