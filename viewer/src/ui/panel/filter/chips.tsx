import { keyOf, type Filter, type Key } from '../../../state/filters/filter';
import { nameOf, textOf } from '../../../state/filters/texts';
import { fitsLink } from '../../../state/link/filters';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';
import { subjectOf, type Subject } from './subject';

interface ChipsProps {
  session: Session;
  /** The filter that is being changed. */
  open: Key | null;
  onEdit: (subject: Subject) => void;
  onClose: () => void;
}

/** All filters, each with a switch, a button to change it, and one to remove it. */
export function Chips({ session, open, onEdit, onClose }: ChipsProps) {
  const { filters } = session;
  if (filters.all.value.length === 0) return null;
  return (
    <ul class="chips filters" aria-label="Filters">
      {filters.all.value.map((filter) => (
        <Chip
          key={keyOf(filter)}
          session={session}
          filter={filter}
          isOpen={keyOf(filter) === open}
          onEdit={onEdit}
          onClose={onClose}
        />
      ))}
      <li class="clear-filters">
        <button
          type="button"
          class="text"
          onClick={() => {
            filters.clear();
            focusTitle();
          }}
        >
          Clear filters
        </button>
      </li>
    </ul>
  );
}

interface ChipProps extends Omit<ChipsProps, 'open'> {
  filter: Filter;
  isOpen: boolean;
}

function Chip({ session, filter, isOpen, onEdit, onClose }: ChipProps) {
  const name = nameOf(filter, session.bundle);
  const subject = subjectOf(filter);
  const isLong = filter.kind === 'categories' && !fitsLink(session, filter.column, filter.hidden);
  const text = (
    <>
      <b>{name}</b> {textOf(filter)}
    </>
  );
  const title = isLong ? `${name}: too many for a link` : `${name} ${textOf(filter)}`;
  return (
    <li class={filter.isOn ? '' : 'off'}>
      <input
        type="checkbox"
        aria-label={`Apply filter: ${name}`}
        checked={filter.isOn}
        onChange={(event) => void session.filter({ ...filter, isOn: event.currentTarget.checked })}
      />
      {subject ? (
        <button
          type="button"
          class="chip-text"
          title={title}
          aria-expanded={isOpen}
          onClick={() => (isOpen ? onClose() : onEdit(subject))}
        >
          {text}
        </button>
      ) : (
        filter.kind === 'cells' && (
          <button
            type="button"
            class="chip-text"
            title={filter.isInside ? 'Show all other cells instead' : 'Show its cells instead'}
            aria-pressed={!filter.isInside}
            onClick={() => void session.filter({ ...filter, isInside: !filter.isInside, isOn: true })}
          >
            {text}
          </button>
        )
      )}
      <button
        type="button"
        aria-label={`Remove filter: ${name}`}
        onClick={() => {
          void session.filters.remove(keyOf(filter));
          focusTitle();
        }}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

/** The focus must be somewhere once the button that had it is gone. */
function focusTitle(): void {
  document.getElementById('filter-title')?.focus();
}
