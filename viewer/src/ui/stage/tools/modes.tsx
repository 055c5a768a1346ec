import { MODES, type Mode } from '../../../state/selection/sets';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';

const TEXTS: Readonly<Record<Mode, readonly [label: string, title: string]>> = {
  replace: ['Replace the selection', 'Replace the selection'],
  add: ['Add to the selection', 'Add to the selection (hold Shift)'],
  subtract: ['Subtract from the selection', 'Subtract from the selection (hold Alt)'],
  intersect: ['Intersect with the selection', 'Keep what is in both (hold Shift and Alt)'],
};

/** What newly chosen cells do to the selection. */
export function ModeChoice({ session }: { session: Session }) {
  const { mode } = session.tools;
  return (
    <div class="modes" role="group" aria-label="Mode of selecting">
      {MODES.map((each) => (
        <button
          key={each}
          type="button"
          aria-label={TEXTS[each][0]}
          title={TEXTS[each][1]}
          aria-pressed={mode.value === each}
          onClick={() => (mode.value = each)}
        >
          <Icon name={each} />
        </button>
      ))}
    </div>
  );
}
