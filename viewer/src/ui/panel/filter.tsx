import { useEffect, useMemo, useState } from 'preact/hooks';
import { formatCount } from '../../state/texts/format';
import { fitsLink } from '../../state/link/link';
import { paintColumn, type CategoryPaint } from '../../state/colouring/paint';
import type { Session } from '../../state/session';
import { Icon } from '../icons';
import { ColumnField } from './controls/column_field';
import { Section } from './controls/section';
import { Legend } from './legend';

/** Filters the cells by any column of categories, independently of the colouring. */
export function Filter({ session }: { session: Session }) {
  const { columns } = session.bundle;
  const [chosen, setChosen] = useState<number | null>(null);
  const usable = useMemo(
    () => [...columns.keys()].filter((index) => ['category', 'bool'].includes(columns[index].kind)),
    [columns],
  );
  if (usable.length === 0) return null;
  const { by } = session.colouring.current.value;
  const inLegend = by.by === 'column' ? by.index : null;
  const open = chosen === inLegend ? null : chosen;
  return (
    <Section id="filter" title="Filter">
      <Active session={session} />
      <ColumnField
        id="filter-field"
        label="Filter by"
        columns={columns}
        offered={usable}
        chosen={open}
        nothing="Choose a column"
        whyDisabled={(column) => (column === inLegend ? 'in the legend' : null)}
        onChoose={setChosen}
      />
      {open !== null && <Checklist key={open} session={session} column={open} />}
    </Section>
  );
}

function Active({ session }: { session: Session }) {
  const { hidden } = session.filters;
  if (hidden.value.size === 0) return null;
  return (
    <ul class="chips">
      {[...hidden.value].map(([column, codes]) => {
        const { name } = session.bundle.columns[column];
        return (
          <li key={column}>
            <span title={fitsLink(session, column, codes) ? name : `${name}: too many for a link`}>
              <b>{name}</b> {formatCount(codes.size)} hidden
            </span>
            <button
              type="button"
              aria-label={`Show all of ${name}`}
              onClick={() => void session.hide(column, new Set())}
            >
              <Icon name="close" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function Checklist({ session, column }: { session: Session; column: number }) {
  const [paint, setPaint] = useState<CategoryPaint | null>(null);
  useEffect(() => {
    session.bundle.column(column).then(
      (values) => {
        const painted = paintColumn(session.bundle.columns[column], values);
        if (painted.kind === 'category') setPaint(painted);
      },
      (error: unknown) => (session.problem.value = error),
    );
  }, [session, column]);
  return paint && <Legend session={session} column={column} paint={paint} />;
}
