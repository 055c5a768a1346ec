import { useMemo } from 'preact/hooks';
import type { ColumnInfo } from '../../../bundle/bundle';
import { formatCount, formatCounted } from '../../../state/texts/format';
import { Icon } from '../../widgets/icons';
import { NameField } from './name_search';

/** With more columns than this, the field searches them instead of listing all of them. */
const MANY = 300;
const NOTHING = '';

interface ColumnFieldProps {
  id: string;
  label: string;
  columns: readonly ColumnInfo[];
  /** Numbers of the columns that are offered. */
  offered: readonly number[];
  chosen: number | null;
  active?: boolean;
  /** The text of the field if nothing is chosen. */
  nothing: string;
  /** Why a listed column cannot be chosen; null if it can. */
  whyDisabled: (column: number) => string | null;
  onChoose: (column: number | null) => void;
}

/** A choice of one column of obs. */
export function ColumnField(props: ColumnFieldProps) {
  return props.offered.length > MANY ? <Searched {...props} /> : <Listed {...props} />;
}

function Listed({
  label,
  columns,
  offered,
  chosen,
  active,
  nothing,
  whyDisabled,
  onChoose,
}: ColumnFieldProps) {
  return (
    <label class={active ? 'field active' : 'field'}>
      <span>{label}</span>
      <select
        value={chosen === null ? NOTHING : String(chosen)}
        onChange={(event) => {
          const { value } = event.currentTarget;
          onChoose(value === NOTHING ? null : Number(value));
        }}
      >
        <option value={NOTHING}>{nothing}</option>
        {offered.map((column) => {
          const why = whyDisabled(column);
          return (
            <option key={column} value={column} disabled={why !== null}>
              {why === null ? columns[column].name : `${columns[column].name} (${why})`}
            </option>
          );
        })}
      </select>
    </label>
  );
}

function Searched({
  id,
  label,
  columns,
  offered,
  chosen,
  active,
  nothing,
  whyDisabled,
  onChoose,
}: ColumnFieldProps) {
  const usable = useMemo(
    () => offered.filter((column) => whyDisabled(column) === null),
    [columns, offered, chosen],
  );
  const names = useMemo(() => usable.map((column) => columns[column].name), [usable]);
  const left = offered.length - usable.length;
  return (
    <div class={active ? 'field active' : 'field'}>
      <NameField
        id={id}
        label={label}
        things="Columns"
        names={names}
        current={chosen === null ? '' : columns[chosen].name}
        placeholder={`Search ${formatCounted(names.length, 'column')}`}
        none="No column name contains this"
        onChoose={(index) => onChoose(usable[index])}
      >
        {chosen !== null && (
          <button type="button" class="clear" aria-label={nothing} onClick={() => onChoose(null)}>
            <Icon name="close" />
          </button>
        )}
      </NameField>
      {left > 0 && <p class="quiet">{formatCount(left)} more are in the tooltip or the legend.</p>}
    </div>
  );
}
