import { useEffect, useState } from 'preact/hooks';
import { ask } from '../api';
import { LINES, type Run } from '../model/schema';

type Line = [number, string];

/** The log of a run, which can be searched and saved. */
export function Log({ run }: { run: Run }) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const lines = useLines(run, open);
  const wanted = typed.trim().toLowerCase();
  const shown = wanted === '' ? lines : lines.filter(([, text]) => text.toLowerCase().includes(wanted));
  return (
    <details class="fold log" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Log</summary>
      {open && (
        <>
          <div class="line">
            <input
              type="search"
              aria-label="Search the log"
              placeholder="Search the log"
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
            <a class="button small" href={`api/log/${run.id}.txt`} download>
              Save
            </a>
          </div>
          <ol class="lines" tabIndex={0} aria-label="Log">
            {shown.map(([when, text], index) => (
              <li key={index}>
                <time>{new Date(1000 * when).toLocaleTimeString()}</time> {text}
              </li>
            ))}
            {shown.length === 0 && <li class="quiet">No line contains this</li>}
          </ol>
        </>
      )}
    </details>
  );
}

function useLines(run: Run, open: boolean): readonly Line[] {
  const [lines, setLines] = useState<readonly Line[]>([]);
  useEffect(() => {
    if (!open) return undefined;
    const controller = new AbortController();
    ask('log', LINES, { id: run.id }, controller.signal).then(
      (found) => setLines(found.lines),
      () => {
        // The run may have been removed in the meantime.
      },
    );
    return () => controller.abort();
  }, [run.id, run.n_lines, open]);
  return lines;
}
