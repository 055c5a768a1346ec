import { useState } from 'preact/hooks';

const SHOWN_MS = 2000;

/** Copies a text. If the browser forbids that, it says so, and the user can select the text. */
export function Copy({ text, title }: { text: string; title: string }) {
  const [status, setStatus] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setStatus('Copied');
    } catch {
      setStatus('Select the text and copy it');
    }
    setTimeout(() => setStatus(''), SHOWN_MS);
  };
  return (
    <button type="button" class="button small" onClick={() => void copy()}>
      <span role="status">{status || title}</span>
    </button>
  );
}

/** The commands for the same export in a terminal and a notebook. */
export function Snippets({ command, python }: { command: string; python: string }) {
  if (command === '') return null;
  return (
    <details class="fold snippets">
      <summary>The same as a command, and in Python</summary>
      <pre tabIndex={0}>{command}</pre>
      <Copy text={command} title="Copy the command" />
      <pre tabIndex={0}>{python}</pre>
      <Copy text={python} title="Copy the Python code" />
    </details>
  );
}
