import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { NameSearch } from '../../../state/lists/search';
import { Rows } from '../../widgets/rows';

const PAGE = 8;

interface NameSearchProps {
  /** Id of the field; a key focuses that of the genes. */
  id: string;
  label: string;
  /** What the list contains, for screen readers. */
  things: string;
  /** Null while they are being loaded. */
  names: readonly string[] | null;
  /** Further names of the same items, also searched and shown. */
  others?: readonly string[] | null;
  /** Of items that match equally well, those with the lowest number come first; and what the numbers are. */
  ranks?: { readonly ranks: ArrayLike<number>; readonly by: string } | null;
  /** Items that come first where nothing is typed. */
  first?: readonly number[];
  /** Which items are found; by default all. */
  only?: (index: number) => boolean;
  /** The chosen name. */
  current: string;
  placeholder: string;
  disabled?: boolean;
  /** The text to show if no name contains the typed text. */
  none: string;
  onChoose: (index: number, name: string) => void;
  /** Called on Escape; by default the field loses the focus. */
  onLeave?: () => void;
  /** Further content of the field beside the text. */
  children?: ComponentChildren;
}

/** A field that completes any number of names: the combobox pattern of ARIA. */
export function NameField(props: NameSearchProps) {
  const { id, label, names, others, ranks, first, only, current, onChoose } = props;
  const search = useMemo(
    () => names && new NameSearch(names, others, ranks?.ranks, first),
    [names, others, ranks, first],
  );
  // The typed text; null if there is none, and the field shows the chosen name.
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const open = typed !== null;
  const found = useMemo(() => {
    const all = open && search ? search.find(typed) : [];
    return only ? all.filter(only) : all;
  }, [search, typed, only]);
  const marked = Math.max(0, Math.min(at, found.length - 1));
  const isListed = found.length > 0;
  const option = (row: number) => `${id}-option-${found[row]}`;
  const options = useRef<HTMLDivElement>(null);
  // In a low panel the list would be below its end.
  useLayoutEffect(() => options.current?.scrollIntoView({ block: 'nearest' }), [open, found.length]);
  const status = !open || isListed ? '' : search ? props.none : 'Loading the names …';

  const choose = (index: number | undefined) => {
    if (index === undefined || !search) return;
    setTyped(null);
    onChoose(index, search.names[index]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves = new Map([
      ['ArrowDown', Math.min(found.length - 1, marked + 1)],
      ['ArrowUp', Math.max(0, marked - 1)],
      ['PageDown', Math.min(found.length - 1, marked + PAGE)],
      ['PageUp', Math.max(0, marked - PAGE)],
    ]);
    const move = moves.get(event.key);
    if (move !== undefined) {
      event.preventDefault();
      if (open) setAt(move);
      else setTyped('');
    } else if (event.key === 'Enter') choose(found[marked]);
    else if (event.key === 'Escape') {
      setTyped(null);
      if (props.onLeave) props.onLeave();
      else (event.currentTarget as HTMLElement).blur();
    }
  };

  return (
    <>
      <label for={id}>{label}</label>
      <div class="combo">
        <input
          id={id}
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck={false}
          placeholder={props.placeholder}
          title={current}
          aria-expanded={isListed}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={isListed ? option(marked) : undefined}
          value={typed ?? current}
          disabled={props.disabled}
          onFocus={(event) => event.currentTarget.select()}
          onClick={() => setTyped(typed ?? '')}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setTyped(null)}
        />
        {typed === null && props.children}
        {open && (
          <div ref={options} class="options">
            {search && isListed && (
              <Rows
                key={typed}
                count={found.length}
                marked={marked}
                box={{
                  id: `${id}-list`,
                  role: 'listbox',
                  'aria-label': props.things,
                  title: ranks ? `Of equal matches, ${ranks.by} come first` : undefined,
                }}
                list={{ role: 'none' }}
              >
                {(row, attributes) => (
                  <li
                    key={row}
                    {...attributes}
                    id={option(row)}
                    role="option"
                    aria-selected={row === marked}
                    title={[search.names[found[row]], search.others?.[found[row]]]
                      .filter(Boolean)
                      .join(' · ')}
                    // Not on click: the field would lose the focus first, and the list would close.
                    onPointerDown={(event) => {
                      event.preventDefault();
                      choose(found[row]);
                    }}
                  >
                    <Marked text={search.names[found[row]]} typed={typed} />
                    {search.others && search.others[found[row]] !== search.names[found[row]] && (
                      <span class="other-name">
                        {' '}
                        <Marked text={search.others[found[row]]} typed={typed} />
                      </span>
                    )}
                  </li>
                )}
              </Rows>
            )}
            {status && (
              <p class="quiet" aria-hidden="true">
                {status}
              </p>
            )}
          </div>
        )}
        {/* Always in the page: screen readers do not announce an element that appears together with its text. */}
        <span class="unseen" role="status">
          {status}
        </span>
      </div>
    </>
  );
}

/** A text, with the part that was typed in bold. */
function Marked({ text, typed }: { text: string; typed: string }) {
  const wanted = typed.trim().toLowerCase();
  const at = wanted === '' ? -1 : text.toLowerCase().indexOf(wanted);
  if (at < 0) return <>{text}</>;
  const end = at + wanted.length;
  return (
    <>
      {text.slice(0, at)}
      <b>{text.slice(at, end)}</b>
      {text.slice(end)}
    </>
  );
}
