import { useState } from 'preact/hooks';
import { findNames, pastedNames, type FoundNames } from '../../../state/selection/by_name';
import { heldMode } from '../../../state/selection/tools';
import { formatCounted } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { ModeChoice } from '../../stage/tools/modes';

const MOST_LISTED = 20;

/** Selects the cells whose names are pasted. */
export function ByName({ session }: { session: Session }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<FoundNames | null>(null);
  const { bundle, selection, tools } = session;
  const find = (held: ReturnType<typeof heldMode>) =>
    session.during('ids', 'Looking for the names', async () => {
      const mode = held ?? tools.mode.peek();
      const finding = findNames(bundle.ids, bundle.nCells, pastedNames(text));
      await selection.applyLater(
        mode,
        finding.then(({ cells }) => cells),
      );
      setFound(await finding);
    });
  return (
    <div class="by-value" role="group" aria-label="Select by name">
      <label class="field">
        <span>Names of cells, one per line or with commas</span>
        <textarea
          rows={4}
          spellcheck={false}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setFound(null);
          }}
        />
      </label>
      <div class="apply">
        <ModeChoice session={session} />
        <button
          type="button"
          class="button"
          disabled={text.trim() === ''}
          onClick={(event) => void find(heldMode(event))}
        >
          Select
        </button>
      </div>
      <p class="quiet found-names" role="status">
        {found && foundText(found)}
      </p>
    </div>
  );
}

/** How many names were found, and which were not. */
export function foundText({ nNames, missing }: Pick<FoundNames, 'nNames' | 'missing'>): string {
  const found = `${formatCounted(nNames - missing.length, 'name')} of ${nNames} found.`;
  if (missing.length === 0) return found;
  const more = missing.length - MOST_LISTED;
  const listed = missing.slice(0, MOST_LISTED).join(', ');
  return `${found} No cell is called: ${listed}${more > 0 ? ` and ${more} more` : ''}.`;
}
