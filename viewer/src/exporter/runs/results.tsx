import { formatCounted } from '../../state/texts/format';
import { ask, wordsOf } from '../api';
import { Copy, Snippets } from '../copy';
import { useEffect, useState } from 'preact/hooks';
import { isUrl } from '../model/path';
import { NOTHING, SNIPPETS, SECRET, type Run } from '../model/schema';
import { formatBytes, formatSeconds } from '../model/units';
import { start } from '../state';
import { Online } from './online';
import { views } from './run_state';

interface ResultsProps {
  run: Run;
  report: NonNullable<Run['report']>;
  onProblem: (text: string) => void;
}

/** The results of a run, and links to open them. */
export function Results({ run, report, onProblem }: ResultsProps) {
  const [snippets, setSnippets] = useState({ command: '', python: '' });
  useEffect(() => {
    ask('snippets', SNIPPETS, { id: run.id }).then(setSnippets, () => {
      // These are shown beside the form as well.
    });
  }, [run.id]);
  const refused = (error: unknown) => onProblem(wordsOf(error));
  return (
    <div class="results">
      <p>
        {formatCounted(report.n_objects, 'file')}, {formatBytes(report.nbytes)} in{' '}
        {formatSeconds(report.seconds)}, {formatBytes(report.peak_nbytes)} of memory at most
      </p>
      {report.targets.map((target) => (
        <Target
          key={target}
          id={run.id}
          target={target}
          several={report.targets.length > 1}
          onRefused={refused}
        />
      ))}
      <Notes texts={report.findings.map(({ text }) => text)} />
      <a class="button small" href={`api/report/${run.id}.json`} download>
        Save the report
      </a>
      <Snippets command={snippets.command} python={snippets.python} />
    </div>
  );
}

/** What the program noticed, folded, since the plan said most of it before. */
function Notes({ texts }: { texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <details class="fold notes">
      <summary>{formatCounted(texts.length, 'note')}</summary>
      <ul>
        {texts.map((text) => (
          <li key={text} class="note">
            {text}
          </li>
        ))}
      </ul>
    </details>
  );
}

interface TargetProps {
  id: string;
  target: string;
  several: boolean;
  onRefused: (error: unknown) => void;
}

function Target({ id, target, several, onRefused }: TargetProps) {
  const secret = views.value[target];
  const address = secret === undefined ? '' : new URL(`../${secret}/`, location.href).href;
  const open = () => {
    // Before the response arrives: the browser would block a window that opens later.
    const page = window.open('', '_blank');
    ask('view', SECRET, { id, target }).then(
      (made) => {
        const url = new URL(`../${made.secret}/`, location.href).href;
        if (!page) return;
        page.opener = null;
        page.location.replace(url);
      },
      (error: unknown) => {
        page?.close();
        onRefused(error);
      },
    );
  };
  return (
    <div class="target">
      {several && <p class="quiet path-text">{target}</p>}
      <div class="line wrap">
        <button type="button" class="button small primary" onClick={open}>
          Open in the viewer
        </button>
        {address && <Copy text={address} title="Copy the address" />}
        {address && (
          <button
            type="button"
            class="button small"
            onClick={() => void ask('stop_view', NOTHING, { id, target }).catch(onRefused)}
          >
            Stop showing it
          </button>
        )}
        {start.value?.desktop && !isUrl(target) && (
          <button
            type="button"
            class="button small"
            onClick={() => void ask('open_folder', NOTHING, { id, target }).catch(onRefused)}
          >
            Open the folder
          </button>
        )}
        <Copy text={target} title={isUrl(target) ? 'Copy its URL' : 'Copy its path'} />
      </div>
      <Online target={target} />
    </div>
  );
}
