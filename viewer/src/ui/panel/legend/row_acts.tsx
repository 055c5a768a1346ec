import type { Session } from '../../../state/session';
import { MISSING } from '../../../state/filters/mask';
import { Icon } from '../../widgets/icons';
import { SpotlightButton } from './spotlight_button';

interface RowActsProps {
  session: Session;
  code: number;
  name: string;
  /** Whether the legend can be edited now. */
  canEdit: boolean;
  isEdited: boolean;
  /** Whether the cells have the colours of this legend. */
  isColouring: boolean;
  onOnly: () => void;
  onSelect: (event: MouseEvent) => void;
  onEdit: () => void;
}

/** The buttons of a category, reached by the arrow keys. */
export function RowActs(props: RowActsProps) {
  const { session, code, name, canEdit, isEdited, isColouring, onOnly, onSelect, onEdit } = props;
  return (
    <span class="acts">
      <button
        type="button"
        class="text only"
        tabIndex={-1}
        aria-label={`Only this: ${name}`}
        title="Hide all others"
        onClick={onOnly}
      >
        Only
      </button>
      <button
        type="button"
        class="text"
        tabIndex={-1}
        aria-label={`Select: ${name}`}
        title="Select these cells (Shift adds, Alt subtracts)"
        onClick={onSelect}
      >
        Select
      </button>
      {isColouring && <SpotlightButton session={session} code={code} name={name} />}
      {canEdit && code !== MISSING && (
        <button
          type="button"
          class="text edit"
          tabIndex={-1}
          aria-label={`Edit: ${name}`}
          title="Change its name, colour and place"
          aria-expanded={isEdited}
          onClick={onEdit}
        >
          <Icon name="edit" />
        </button>
      )}
    </span>
  );
}
