import { formatCount } from '../state/texts/format';
import { titleOf } from '../bundle/formats/registry';
import { groupLeftOut } from './model/left_out';
import type { LeftOut } from './model/schema';

const NAMED = 12;

/** The parts of the input that are left out, by format, with reasons. Closed at first, since most are expected. */
export function LeftOutParts({ lists }: { lists: Readonly<Record<string, readonly LeftOut[]>> }) {
  const formats = Object.entries(lists).filter(([, parts]) => parts.length > 0);
  const count = new Set(formats.flatMap(([, parts]) => parts.map(({ part }) => part))).size;
  if (count === 0) return null;
  return (
    <details class="fold left-out">
      <summary>
        Left out: {formatCount(count)} {count > 1 ? 'parts' : 'part'} of the input
      </summary>
      {formats.map(([format, parts]) => (
        <div key={format}>
          {Object.keys(lists).length > 1 && <h3>Of the {titleOf(format)} export</h3>}
          <ul>
            {groupLeftOut(parts).map(({ noun, names, reason, wayOut, isPartial }) => (
              <li key={`${noun} ${names[0]}`}>
                {isPartial && 'Exported in part: '}
                {noun && `${formatCount(names.length)} ${noun}: `}
                <b>{names.slice(0, NAMED).join(', ')}</b>
                {names.length > NAMED && ` and ${formatCount(names.length - NAMED)} more`}
                <span class="quiet">
                  {' '}
                  – {reason}
                  {wayOut && `; ${wayOut}`}
                </span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </details>
  );
}
