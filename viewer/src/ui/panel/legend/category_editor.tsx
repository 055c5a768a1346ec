import { toHex } from '../../../state/colouring/contrast';
import { LONGEST_NAME } from '../../../state/colouring/categories';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';

/** Pixels of the editor, as in legend_edit.css. */
export const EDITOR_HEIGHT = 104;

interface CategoryEditorProps {
  session: Session;
  column: number;
  /** Its own name, in the data. */
  label: string;
  name: string;
  color: string;
  /** Moves it up or down in the list; null where it cannot go further, or the list has no order of its own. */
  onUp: (() => void) | null;
  onDown: (() => void) | null;
  onClose: () => void;
}

/** Changes the name and the colour of a category, and its place in the list. It lies below the row. */
export function CategoryEditor(props: CategoryEditorProps) {
  const { session, column, label, name, color, onUp, onDown, onClose } = props;
  const { categories } = session;
  const { names, colors } = categories.editsOf(column);
  const isChanged = names.has(label) || colors.has(label);
  return (
    <div
      class="below category-editor"
      role="group"
      aria-label={`Edit ${name}`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        event.currentTarget.parentElement?.querySelector<HTMLElement>('.edit')?.focus();
        onClose();
      }}
    >
      <input
        type="color"
        aria-label={`Colour of ${name}`}
        value={toHex(color)}
        onChange={(event) => categories.recolour(column, label, event.currentTarget.value)}
      />
      <input
        type="text"
        aria-label={`Name to show for ${label}`}
        maxLength={LONGEST_NAME}
        value={name}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        onChange={(event) => {
          categories.rename(column, label, event.currentTarget.value);
          event.currentTarget.value = categories.editsOf(column).names.get(label) ?? label;
        }}
      />
      <span class="moves">
        <button
          type="button"
          class="text"
          aria-label={`Move up: ${name}`}
          title="Move up (Alt and the arrow keys in the list)"
          disabled={onUp === null}
          onClick={() => onUp?.()}
        >
          <Icon name="higher" />
        </button>
        <button
          type="button"
          class="text"
          aria-label={`Move down: ${name}`}
          title="Move down (Alt and the arrow keys in the list)"
          disabled={onDown === null}
          onClick={() => onDown?.()}
        >
          <Icon name="lower" />
        </button>
      </span>
      <p class="quiet" title={label}>
        {names.has(label) ? `In the data: ${label}` : 'The name is for display; the data keeps its own.'}
      </p>
      <span class="editor-ends">
        <button
          type="button"
          class="text"
          disabled={!isChanged}
          onClick={() => {
            const [otherNames, otherColors] = [new Map(names), new Map(colors)];
            otherNames.delete(label);
            otherColors.delete(label);
            categories.change(column, { names: otherNames, colors: otherColors });
          }}
        >
          Reset
        </button>
        <button type="button" class="text" onClick={onClose}>
          Done
        </button>
      </span>
    </div>
  );
}
