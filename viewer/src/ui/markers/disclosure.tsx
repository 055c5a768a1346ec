import type { Session } from '../../state/session';
import { Icon } from '../widgets/icons';
import { BestGenes, N_BEST } from './best_genes';
import { openDrawer } from '../drawer/open';

/** Pixels of the line about markers of the file, as in markers.css. */
const OF_FILE = 24;

/** Pixels of what is below a category: a table with a heading, as in markers.css, or a sentence; and a button. */
export function belowHeight({ markers, bundle }: Session, grouping: number, group: number): number {
  const { ranked, file } = markers.statistics!.groupings[grouping];
  const count = markers.bestOf(grouping, group)?.genes.length ?? bundle.nGenes;
  return (ranked.has(group) ? 26 * (Math.min(N_BEST, count) + 1) : 42) + (file ? 42 + OF_FILE : 42);
}

interface DisclosureProps {
  session: Session;
  grouping: number;
  group: number;
  name: string;
  isOpen: boolean;
  onToggle: () => void;
}

/** The button of a category that shows its markers, and the markers, which lie below the row. */
export function Disclosure({ session, grouping, group, name, isOpen, onToggle }: DisclosureProps) {
  const label = `Markers of ${name}`;
  return (
    <>
      <button
        type="button"
        class="text disclose"
        // Reached by the arrow keys.
        tabIndex={-1}
        title={label}
        aria-label={label}
        aria-expanded={isOpen}
        onClick={onToggle}
      >
        <Icon name="more" />
      </button>
      {isOpen && (
        <div
          class="below"
          role="group"
          aria-label={label}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            event.currentTarget.parentElement?.querySelector<HTMLElement>('.disclose')?.focus();
            onToggle();
          }}
        >
          <BestGenes session={session} grouping={grouping} group={group} />
          <button
            type="button"
            class="text"
            onClick={() => {
              session.markers.choose(grouping, group);
              openDrawer(session, 'table');
            }}
          >
            Gene table
          </button>
        </div>
      )}
    </>
  );
}
