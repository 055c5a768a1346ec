import { useState } from 'preact/hooks';
import { splitPath } from '../model/path';
import { Browser } from '../picker/browser';
import { chooseSources, sources, sourceSettled } from '../state';
import { Ordered } from './ordered';
import { describedBy, isWrong, Problems } from './section';

/** Several inputs, whose cells are read one after another. */
export function Inputs({ help, onSingle }: { help: string; onSingle: () => void }) {
  const [typed, setTyped] = useState('');
  const [browsing, setBrowsing] = useState(false);
  const paths = sources.value;
  const change = (wanted: readonly string[]) => {
    chooseSources(wanted);
    sourceSettled.value = true;
    if (wanted.length === 0) onSingle();
  };
  return (
    <div class="field path" role="group" aria-labelledby="inputs-label">
      <span id="inputs-label" class="label">
        Inputs, in the order of their cells
      </span>
      <Ordered
        label="Chosen inputs, in their order"
        names={paths}
        onChange={change}
        called={(path) => splitPath(path).name}
        show={(path) => <Path path={path} />}
      />
      <form
        class="line"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== '') change([...paths, typed.trim()]);
          setTyped('');
        }}
      >
        <input
          id="field-source"
          type="text"
          aria-label="Path or URL of another input"
          placeholder="/path/to/another.h5ad"
          autocomplete="off"
          spellcheck={false}
          aria-describedby={describedBy('source')}
          aria-invalid={isWrong('source')}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" class="button" disabled={typed.trim() === ''}>
          Add
        </button>
        <button
          type="button"
          class="button"
          aria-label="Browse: Another input"
          onClick={() => setBrowsing(true)}
        >
          Browse…
        </button>
      </form>
      <p id="source-help" class="hint">
        {help}
      </p>
      <Problems name="source" />
      {browsing && (
        <Browser
          title="Inputs"
          wanted="data"
          from={paths[paths.length - 1] ?? ''}
          onChoose={(path) => {
            change([...paths, path]);
            setBrowsing(false);
          }}
          onChooseSeveral={(chosen) => {
            change([...paths, ...chosen]);
            setBrowsing(false);
          }}
          onClose={() => setBrowsing(false)}
        />
      )}
    </div>
  );
}

function Path({ path }: { path: string }) {
  const { name, folder } = splitPath(path);
  return (
    <>
      {name} <bdi class="quiet">{folder}</bdi>
    </>
  );
}
