import { useState } from 'preact/hooks';
import { ViewerError } from '../../../bytes/errors';
import type { Bundle, LeftOut as Part } from '../../../bundle/bundle';

const MOST_SHOWN = 500;

/** Parts of the input that are not in the export, loaded when the list is unfolded. */
export function LeftOut({ bundle }: { bundle: Bundle }) {
  const [parts, setParts] = useState<readonly Part[] | null>(null);
  const [status, setStatus] = useState('');
  const load = async () => {
    if (parts || !bundle.leftOut) return;
    try {
      const found = await bundle.leftOut();
      setParts(found ?? []);
      setStatus(found === null ? 'This export does not record it.' : found.length === 0 ? 'Nothing.' : '');
    } catch (error) {
      setStatus(error instanceof ViewerError ? error.message : String(error));
    }
  };
  if (!bundle.leftOut) return null;
  return (
    <section>
      <details onToggle={() => void load()}>
        <summary class="quiet">Left out of this export</summary>
        <p class="quiet">{status}</p>
        <ul class="left-out">
          {parts?.slice(0, MOST_SHOWN).map(({ part, reason }) => (
            <li key={part}>
              {part} <span class="quiet">{reason}</span>
            </li>
          ))}
        </ul>
        {parts && parts.length > MOST_SHOWN && (
          <p class="quiet">and {(parts.length - MOST_SHOWN).toLocaleString('en')} more, in report.json</p>
        )}
      </details>
    </section>
  );
}
