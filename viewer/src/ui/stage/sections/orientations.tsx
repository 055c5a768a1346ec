import {
  ORIENTATIONS_ENDING,
  readOrientations,
  writeOrientations,
} from '../../../state/tissue/sections/orientation_file';
import { nameOf } from '../../../state/tissue/sections/arrange';
import { formatCounted } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { fileStem, save } from '../../page/save';
import { say } from '../../page/status';

/** Keeps the rotations and mirrorings of sections in a file, and brings them back. */
export function Orientations({ session }: { session: Session }) {
  const { sections } = session.tissue;
  const n = sections.orientations.value.size;
  return (
    <details class="orientations">
      <summary class="button" title="Rotated and mirrored sections">
        Orientation
      </summary>
      <div class="menu">
        <p class="quiet">
          {n === 0 ? 'No section is turned.' : `${formatCounted(n, 'section')} turned or mirrored.`}
        </p>
        <button
          type="button"
          class="button"
          disabled={n === 0}
          onClick={() => {
            const name = `${fileStem(session.bundle.name)}${ORIENTATIONS_ENDING}`;
            save(new Blob([writeOrientations(sections)], { type: 'application/json' }), name);
          }}
        >
          Save orientations
        </button>
        <label class="button file">
          Open orientations
          <input
            type="file"
            accept=".json"
            onChange={(event) => {
              const input = event.currentTarget;
              void open(session, input.files?.[0]).finally(() => (input.value = ''));
            }}
          />
        </label>
        <button
          type="button"
          class="button"
          disabled={n === 0}
          onClick={() => (sections.orientations.value = new Map())}
        >
          All upright
        </button>
      </div>
    </details>
  );
}

async function open(session: Session, file: File | undefined): Promise<void> {
  if (!file) return;
  try {
    const unknown = readOrientations(session.tissue.sections, await file.text());
    const names = unknown.slice(0, 3).map((each) => `“${nameOf(each)}”`);
    const more = unknown.length > 3 ? ' and others' : '';
    say(
      unknown.length === 0
        ? 'The sections are turned as in the file.'
        : `The sections are turned as in the file. This data set has no ${names.join(', ')}${more}.`,
    );
  } catch (error) {
    session.report(error);
  }
}
