import { computed } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { textOfGroups } from '../../../state/link/cells';
import type { Session } from '../../../state/session';
import { openDrawer } from '../../drawer/open';
import { Section } from '../controls/section';
import { Toggle } from '../controls/toggle';
import { GroupFiles } from './group_files';
import { GroupRow } from './group_row';

/** Opens the comparison with the first groups. */
function compareGroups(session: Session): void {
  const [first, second] = session.groups.list.peek();
  session.compare.sides.value = [
    { is: 'group', name: first.name },
    second ? { is: 'group', name: second.name } : { is: 'rest' },
  ];
  openDrawer(session, 'compare');
}

/** The user's groups of cells: their names, colours and cells. */
export function GroupList({ session }: { session: Session }) {
  const { groups, colouring } = session;
  const list = groups.list.value;
  const { leftOut } = useMemo(() => computed(() => textOfGroups(session)), [session]).value;
  const [why, setWhy] = useState<string | null>(null);
  // What was refused does not matter any more once something else was done.
  useEffect(() => setWhy(null), [list]);
  const isShown = colouring.wanted.value.by === 'groups';
  return (
    <Section id="groups" title="Groups" isClosed>
      {list.length === 0 && (
        <p class="quiet">No groups yet. Select cells, and save them under Selection; or import a file.</p>
      )}
      {list.length > 0 && (
        <ul class="groups" aria-label="Groups">
          {list.map((group) => (
            <GroupRow key={group.name} session={session} group={group} onRefused={setWhy} />
          ))}
        </ul>
      )}
      {why !== null && (
        <p class="wrong" role="alert">
          {why}
        </p>
      )}
      {list.length > 0 && (
        <div class="buttons">
          <button
            type="button"
            aria-pressed={isShown}
            onClick={() =>
              void session.chooseColour(isShown ? session.firstColour() : { by: 'groups' }, 'My groups')
            }
          >
            Colour by groups
          </button>
          {session.bundle.nGenes > 0 && (
            <button type="button" onClick={() => compareGroups(session)}>
              {list.length > 1 ? 'Compare two groups' : 'Compare with the rest'}
            </button>
          )}
        </div>
      )}
      {list.some(({ region }) => region) && (
        <Toggle label="Outlines on the tissue" value={session.overlays.regions} />
      )}
      {leftOut.length > 0 && (
        <p class="quiet">Too large for a link, so save them as a file: {leftOut.join(', ')}.</p>
      )}
      <GroupFiles session={session} />
    </Section>
  );
}
