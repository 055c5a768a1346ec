import { useEffect, useRef, useState } from 'preact/hooks';
import { formatCount } from '../../state/format';
import { NameSearch } from '../../state/search';
import type { Session } from '../../state/session';
import { Arriving } from '../arriving';
import { Icon } from '../icons';
import { GENE_FIELD } from '../keys';

const SHOWN = 60;
const LIST = 'gene-list';
const optionId = (gene: number) => `gene-option-${gene}`;

/** A field that completes the names of all exported genes: the combobox pattern of ARIA. */
export function GeneSearch({ session, active }: { session: Session; active: boolean }) {
  const search = useSearch(session);
  const field = useRef<HTMLInputElement>(null);
  // The text that is typed; null while nothing is, and the field shows the gene that is drawn.
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState(0);

  const { by } = session.colouring.wanted.value;
  const wanted = session.colouring.wanted.value;
  const current = wanted.by === 'gene' ? (search?.names[wanted.index] ?? '') : '';
  const open = typed !== null && search !== null;
  const found = open ? search.find(typed, SHOWN) : [];
  const marked = Math.min(at, found.length - 1);

  const choose = (gene: number | undefined) => {
    if (gene === undefined || !search) return;
    setTyped(null);
    void session.chooseColour({ by: 'gene', index: gene }, search.names[gene]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves = new Map([
      ['ArrowDown', Math.min(found.length - 1, marked + 1)],
      ['ArrowUp', Math.max(0, marked - 1)],
      ['PageDown', Math.min(found.length - 1, marked + 8)],
      ['PageUp', Math.max(0, marked - 8)],
    ]);
    const move = moves.get(event.key);
    if (move !== undefined) {
      event.preventDefault();
      if (open) setAt(move);
      else setTyped('');
    } else if (event.key === 'Enter') choose(found[marked]);
    else if (event.key === 'Escape') setTyped(null);
  };

  return (
    <div class={active ? 'field active' : 'field'}>
      <label for={GENE_FIELD}>Gene</label>
      <div class="combo">
        <input
          id={GENE_FIELD}
          ref={field}
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck={false}
          placeholder={`Search ${formatCount(session.bundle.nGenes)} genes`}
          title={current}
          aria-expanded={open}
          aria-controls={LIST}
          aria-autocomplete="list"
          aria-activedescendant={open && found.length > 0 ? optionId(found[marked]) : undefined}
          value={typed ?? current}
          disabled={session.bundle.nGenes === 0}
          onFocus={(event) => event.currentTarget.select()}
          onClick={() => setTyped(typed ?? '')}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setTyped(null)}
        />
        {by === 'gene' && typed === null && (
          <button
            type="button"
            class="clear"
            aria-label="Stop colouring by gene"
            onClick={() => {
              const first = session.firstColour();
              void session.chooseColour(first, '');
            }}
          >
            <Icon name="close" />
          </button>
        )}
        {open && <Options genes={found} names={search.names} marked={marked} onChoose={choose} />}
      </div>
      <Arriving bundle={session.bundle} />
    </div>
  );
}

interface OptionsProps {
  genes: readonly number[];
  names: readonly string[];
  marked: number;
  onChoose: (gene: number) => void;
}

function Options({ genes, names, marked, onChoose }: OptionsProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[marked]?.scrollIntoView({ block: 'nearest' });
  }, [marked]);
  return (
    <ul id={LIST} ref={list} class="options" role="listbox" aria-label="Genes">
      {genes.map((gene, row) => (
        <li
          key={gene}
          id={optionId(gene)}
          role="option"
          aria-selected={row === marked}
          title={names[gene]}
          // Not on click: the field would lose the focus first, and the list with it.
          onPointerDown={(event) => {
            event.preventDefault();
            onChoose(gene);
          }}
        >
          {names[gene]}
        </li>
      ))}
      {genes.length === 0 && <li class="quiet">No exported gene has this in its name</li>}
      {genes.length === SHOWN && <li class="quiet">Type more to see others</li>}
    </ul>
  );
}

function useSearch(session: Session): NameSearch | null {
  const [search, setSearch] = useState<NameSearch | null>(null);
  useEffect(() => {
    session.bundle.genes().then(
      ({ names }) => setSearch(new NameSearch(names)),
      (error: unknown) => (session.problem.value = error),
    );
  }, [session]);
  return search;
}
