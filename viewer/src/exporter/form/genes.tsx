import { useEffect, useMemo, useState } from 'preact/hooks';
import { formatCount, formatCounted } from '../../state/texts/format';
import { NameSearch } from '../../state/lists/search';
import { ask, wordsOf } from '../api';
import { missingNames, readNames, readGenes, writeGenes, type GeneMode } from '../model/genes';
import { NAMES, PATH, type Field } from '../model/schema';
import { valueOf } from '../model/values';
import { facts, reading, setValue, sources, values } from '../state';
import { PathField } from './path_field';
import { describedBy, isWrong, Problems } from './section';

const MODES: readonly (readonly [GeneMode, string])[] = [
  ['all', 'All genes'],
  ['hvgs', 'Most variable'],
  ['top_mean', 'Highest means'],
  ['list', 'A list'],
  ['none', 'None'],
];
const USUAL_COUNT = '500';
const FOUND = 8;

/** A choice of all genes, a number of them, or a list that is searched, pasted, uploaded or picked. */
export function Genes({ field }: { field: Field }) {
  const choice = readGenes(String(valueOf(values.value, field)));
  const set = (mode: GeneMode, text: string) => setValue(field, writeGenes({ mode, text }));
  const counted = choice.mode === 'hvgs' || choice.mode === 'top_mean';
  return (
    <fieldset class="field">
      <legend>Genes</legend>
      <div class="line wrap">
        <select
          aria-label="Which genes"
          aria-describedby={describedBy('genes')}
          aria-invalid={isWrong('genes')}
          value={choice.mode}
          onChange={(event) => {
            const mode = event.currentTarget.value as GeneMode;
            set(mode, mode === 'hvgs' || mode === 'top_mean' ? (counted ? choice.text : USUAL_COUNT) : '');
          }}
        >
          {MODES.map(([mode, title]) => (
            <option key={mode} value={mode}>
              {title}
            </option>
          ))}
        </select>
        {counted && (
          <input
            type="text"
            inputMode="numeric"
            class="count"
            aria-label="Number of genes"
            value={choice.text}
            onInput={(event) => set(choice.mode, event.currentTarget.value.trim())}
          />
        )}
      </div>
      {choice.mode === 'list' && <GeneList path={choice.text} onPath={(path) => set('list', path)} />}
      <p id="genes-help" class="hint">
        {field.help}
      </p>
      <Problems name="genes" />
    </fieldset>
  );
}

/** Typed text is saved as a file of the exporter, so that the command line can name it. */
function GeneList({ path, onPath }: { path: string; onPath: (path: string) => void }) {
  const known = useNames();
  const [text, setText] = useState('');
  const [message, setMessage] = useState('');
  const names = useMemo(() => readNames(text, known.set), [text, known]);
  const missing = known.set.size > 0 ? missingNames(names, known.set) : [];

  useEffect(() => {
    if (names.length === 0) return undefined;
    const timer = setTimeout(() => {
      // Unknown names are left out, with a message, since the export would refuse them.
      const kept = missing.length < names.length ? names.filter((name) => !missing.includes(name)) : names;
      ask('keep_genes', PATH, { names: kept }).then(
        (made) => onPath(made.path),
        (error: unknown) => setMessage(wordsOf(error)),
      );
    }, 300);
    return () => clearTimeout(timer);
  }, [names, missing.length]);

  const add = (more: string) =>
    setText((before) => (before && !before.endsWith('\n') ? `${before}\n` : before) + more);
  return (
    <div class="gene-list">
      <GeneSearch search={known.search} onChoose={(name) => add(`${name}\n`)} />
      <label class="field">
        <span>Genes, one per line or separated by commas</span>
        <textarea
          rows={4}
          spellcheck={false}
          value={text}
          placeholder={'CD3D\nMS4A1'}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <div class="line wrap">
        <label class="button file">
          Upload a list
          <input
            type="file"
            accept=".txt,.csv,.tsv,text/plain"
            aria-label="Upload a list of genes"
            onChange={(event) => {
              const input = event.currentTarget;
              void input.files?.[0]?.text().then((content) => {
                setText(content);
                input.value = '';
              });
            }}
          />
        </label>
        <span class="hint" role="status">
          {message || countText(names.length, missing)}
        </span>
      </div>
      <PathField
        name="gene-list"
        label="Or a file on this machine"
        help="One name per line."
        value={path}
        wanted="text"
        onChange={onPath}
      />
    </div>
  );
}

function countText(count: number, missing: readonly string[]): string {
  if (count === 0) return '';
  if (missing.length === 0) return `${formatCounted(count, 'gene')}, all of them in the file`;
  const shown = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ', …' : '');
  return `${formatCount(count - missing.length)} of ${formatCounted(count, 'gene')} ${count === 1 ? 'is' : 'are'} in the file; left out: ${shown}`;
}

function GeneSearch({ search, onChoose }: { search: NameSearch | null; onChoose: (name: string) => void }) {
  const [typed, setTyped] = useState('');
  const found =
    typed.trim() === '' || !search ? [] : search.find(typed, FOUND).map((index) => search.names[index]);
  const choose = (name: string | undefined) => {
    if (name === undefined) return;
    onChoose(name);
    setTyped('');
  };
  return (
    <div class="field">
      <input
        type="search"
        aria-label="Search a gene to add"
        placeholder="Search a gene to add"
        autocomplete="off"
        spellcheck={false}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            choose(found[0]);
          }
        }}
      />
      {found.length > 0 && (
        <ul class="chips" aria-label="Genes found">
          {found.map((name) => (
            <li key={name}>
              <button type="button" class="add" onClick={() => choose(name)}>
                + <span>{name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

type Names = { readonly names: readonly string[]; readonly ids: readonly string[] };
const NO_NAMES: Names = { names: [], ids: [] };

/** Names of all genes of the input; a list may also use their identifiers. */
function useNames() {
  const [{ names, ids }, setNames] = useState<Names>(NO_NAMES);
  const { raw, gene_names } = values.value;
  const input = reading.value;
  const there = facts.value !== null;
  useEffect(() => {
    if (!there) return undefined;
    const controller = new AbortController();
    ask('genes', NAMES, { source: sources.peek(), values: values.peek() }, controller.signal).then(
      setNames,
      () => setNames(NO_NAMES), // The plan reports the problem.
    );
    return () => controller.abort();
  }, [input, raw, gene_names, there]);
  return useMemo(() => {
    const others = ids.length > 0 ? ids : null;
    return {
      set: new Set([...names, ...ids]),
      search: names.length > 0 ? new NameSearch(names, others) : null,
    };
  }, [names, ids]);
}
