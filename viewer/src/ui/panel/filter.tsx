import { useEffect, useState } from 'preact/hooks';
import { paintColumn, type CategoryPaint } from '../../state/paint';
import type { Session } from '../../state/session';
import { Icon } from '../icons';
import { Legend } from './legend';

const NOTHING = '';

/** Shows some cells only, by any column of categories, whatever the cells are coloured by. */
export function Filter({ session }: { session: Session }) {
  const { columns } = session.bundle;
  const [chosen, setChosen] = useState<number | null>(null);
  const usable = [...columns.keys()].filter((index) => ['category', 'bool'].includes(columns[index].kind));
  if (usable.length === 0) return null;
  const { by } = session.colouring.current.value;
  const inLegend = by.by === 'column' ? by.index : null;
  const open = chosen === inLegend ? null : chosen;
  return (
    <section>
      <h2>Filter</h2>
      <Active session={session} />
      <label class="field">
        <span>Show cells by</span>
        <select
          value={open === null ? NOTHING : String(open)}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setChosen(value === NOTHING ? null : Number(value));
          }}
        >
          <option value={NOTHING}>Choose a column</option>
          {usable.map((index) => (
            <option key={index} value={index} disabled={index === inLegend}>
              {index === inLegend ? `${columns[index].name} (in the legend)` : columns[index].name}
            </option>
          ))}
        </select>
      </label>
      {open !== null && <Checklist key={open} session={session} column={open} />}
    </section>
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
            <span title={name}>
              <b>{name}</b> {codes.size} hidden
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
