import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { GeneTable } from '../../../bundle/bundle';
import { findName } from '../../../state/lists/find_name';
import { readGenes, type TypedGenes } from '../../../state/markers/gene_list';
import { formatCount, formatCounted } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import type { Editing } from './editing';

/** Names are compared with all others once nobody types for so long. */
const REST_MS = 300;
/** Unknown names that get suggestions, and names that are listed. */
const MOST_NAMED = 8;

interface ListEditorProps {
  session: Session;
  genes: GeneTable;
  editing: Editing;
  onDone: () => void;
}

/** A form for the name and the genes of a list. */
export function ListEditor({ session, genes, editing, onDone }: ListEditorProps) {
  const { geneLists, colouring } = session;
  const [name, setName] = useState(editing.name);
  const [text, setText] = useState(() => editing.genes.map((gene) => genes.names[gene]).join('\n'));
  const [read, setRead] = useState<TypedGenes>(() => readGenes(text, genes));
  const field = useRef<HTMLTextAreaElement>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    const timer = setTimeout(() => setRead(readGenes(text, genes)), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const why = geneLists.whyNot(name, editing.own);
  // All of it, also once unknown names push the buttons down.
  useLayoutEffect(() => form.current?.scrollIntoView({ block: 'nearest' }), [read, why]);
  const save = () => {
    const list = { name: name.trim(), genes: readGenes(text, genes).genes };
    if (why !== null || list.genes.length === 0) return;
    geneLists.put(list, editing.own);
    geneLists.chosen.value = list.name;
    const wanted = colouring.wanted.peek();
    if (wanted.by === 'list' && wanted.name === editing.own)
      void session.chooseColour({ ...wanted, ...list }, list.name);
    onDone();
  };
  return (
    <form
      ref={form}
      class="list-editor"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <label class="field">
        <span>Name of the list</span>
        <input type="text" value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <label class="field">
        <span>Genes: names or ids, in any form</span>
        <textarea
          ref={field}
          rows={6}
          spellcheck={false}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <div class="list-report" role="status">
        <p class="quiet">{formatCounted(read.genes.length, 'gene')}</p>
        {read.repeated.length > 0 && <p class="quiet">More than once: {some(read.repeated)}.</p>}
        <Unknown read={read} genes={genes} onReplace={(from, to) => setText(replaceName(text, from, to))} />
      </div>
      {why !== null && (
        <p class="wrong" role="alert">
          {why}
        </p>
      )}
      <div class="buttons">
        <button type="submit" disabled={why !== null || read.genes.length === 0}>
          Save the list
        </button>
        <button type="button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

interface UnknownProps {
  read: TypedGenes;
  genes: GeneTable;
  onReplace: (from: string, to: string) => void;
}

/** Names that no gene has, with similar ones to take instead. */
function Unknown({ read: { unknown }, genes: { names, ids }, onReplace }: UnknownProps) {
  if (unknown.length === 0) return null;
  const lists = ids ? [names, ids] : [names];
  return (
    <>
      <p class="wrong">{unknown.length === 1 ? 'No gene has this name:' : 'No genes have these names:'}</p>
      <ul>
        {unknown.slice(0, MOST_NAMED).map((name) => (
          <li key={name}>
            <b>{name}</b>
            {findName(lists, name).similar.map((each) => (
              <button
                key={each}
                type="button"
                class="text"
                aria-label={`Take ${each} instead of ${name}`}
                onClick={() => onReplace(name, each)}
              >
                {each}?
              </button>
            ))}
          </li>
        ))}
        {unknown.length > MOST_NAMED && (
          <li class="quiet">and {formatCount(unknown.length - MOST_NAMED)} more</li>
        )}
      </ul>
    </>
  );
}

/** Replaces a name where it stands alone. */
function replaceName(text: string, from: string, to: string): string {
  const plain = from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(^|[^\\w.-])${plain}(?![\\w.-])`, 'g'), (_, before: string) => before + to);
}

function some(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${formatCount(more)} more` : '');
}
