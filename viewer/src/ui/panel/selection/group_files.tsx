import { useState } from 'preact/hooks';
import {
  findGroups,
  groupsCsv,
  groupsJson,
  nameCells,
  readGroups,
} from '../../../state/selection/group_files';
import { formatCounted } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';
import { fileStem, save } from '../../page/save';
import { foundText } from './by_name';

/** Saves groups as files, and reads them. */
export function GroupFiles({ session }: { session: Session }) {
  const [said, setSaid] = useState('');
  const isEmpty = session.groups.list.value.length === 0;
  return (
    <>
      <div class="buttons">
        {(['csv', 'json'] as const).map((kind) => (
          <button
            key={kind}
            type="button"
            aria-label={`Save the groups as ${kind.toUpperCase()}`}
            disabled={isEmpty}
            onClick={() => void saveGroups(session, kind)}
          >
            <Icon name="download" /> {kind.toUpperCase()}
          </button>
        ))}
        <label class="button import">
          Import
          <input
            type="file"
            accept=".csv,.json,text/csv,application/json"
            aria-label="Import groups from a CSV or JSON file"
            onChange={(event) => {
              const field = event.currentTarget;
              const file = field.files?.[0];
              if (file) void importGroups(session, file).then((text) => text !== null && setSaid(text));
              // So that the same file can be chosen again.
              field.value = '';
            }}
          />
        </label>
      </div>
      <p class="quiet import-status" role="status">
        {said}
      </p>
    </>
  );
}

async function saveGroups(session: Session, kind: 'csv' | 'json'): Promise<void> {
  const { bundle, groups } = session;
  await session.during('groups', 'Loading the names of the cells', async () => {
    const named = await nameCells(groups.list.peek(), bundle);
    const text = kind === 'csv' ? groupsCsv(named) : groupsJson(named, bundle.name);
    const type = kind === 'csv' ? 'text/csv' : 'application/json';
    save(new Blob([text], { type }), `${fileStem(bundle.name)}_groups.${kind}`);
  });
}

/** Adds the groups of a file; says how many cells were found. Null if it failed. */
async function importGroups(session: Session, file: File): Promise<string | null> {
  const { bundle, groups } = session;
  let said: string | null = null;
  await session.during('groups', `Reading ${file.name}`, async () => {
    const named = readGroups(await file.text());
    const found = await findGroups(named, bundle.ids, bundle.nCells);
    await session.history.step(() => {
      for (const { name, color, cells } of found.groups) {
        const known = groups.list.peek().find((group) => group.name === name)?.color;
        groups.put({ name, color: color ?? known ?? groups.freeColor.peek(), cells });
      }
      return Promise.resolve();
    });
    said = `${formatCounted(named.length, 'group')} imported. ${foundText(found)}`;
  });
  return said;
}
