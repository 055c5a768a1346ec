import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, wordsOf } from '../api';
import { joined } from '../model/path';
import { LISTING, PATH, type Entry, type Listing } from '../model/schema';
import { formatBytes } from '../model/units';
import { start } from '../state';
import { Glyph } from './glyph';

/** What to pick: a file of some kind, or a folder (for a target, with a new name). */
export type Wanted = 'data' | 'image' | 'text' | 'target' | 'folder';

interface BrowserProps {
  title: string;
  wanted: Wanted;
  from: string;
  onChoose: (path: string) => void;
  /** Takes several files at once, or a folder of them; without it, only one can be picked. */
  onChooseSeveral?: ((paths: readonly string[]) => void) | undefined;
  onClose: () => void;
}

/** A browser of the folders of the machine that runs the exporter. */
export function Browser({ title, wanted, from, onChoose, onChooseSeveral, onClose }: BrowserProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [folder, setFolder] = useState(from || start.peek()?.folder || '');
  const [hidden, setHidden] = useState(false);
  const [again, setAgain] = useState(0);
  /** The ticked files; null while one click chooses a file. */
  const [ticked, setTicked] = useState<readonly string[] | null>(null);
  const { listing, problem } = useListing(folder, hidden, again);
  useEffect(() => dialog.current?.showModal(), []);

  const go = (path: string) => setFolder(path);
  return (
    <dialog ref={dialog} class="browser" onClose={onClose} aria-labelledby="browser-title">
      <header>
        <h2 id="browser-title">{title}</h2>
        <button type="button" class="button text" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      <Places listing={listing} onGo={go} />
      <PathLine path={listing?.path ?? folder} onGo={go} />
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <Entries
        listing={listing}
        wanted={wanted}
        ticked={ticked}
        onGo={go}
        onChoose={onChoose}
        onTick={setTicked}
      />
      <footer>
        <label class="check">
          <input
            type="checkbox"
            checked={hidden}
            onChange={(event) => setHidden(event.currentTarget.checked)}
          />
          <span>Hidden files</span>
        </label>
        {listing && (wanted === 'target' || wanted === 'folder') && (
          <NewFolder
            parent={listing.path}
            onMade={(path) => {
              setFolder(path);
              setAgain(again + 1);
            }}
          />
        )}
        {onChooseSeveral && listing && (
          <Several listing={listing} ticked={ticked} onTick={setTicked} onChoose={onChooseSeveral} />
        )}
        {listing && wanted === 'folder' && (
          <button type="button" class="button primary" onClick={() => onChoose(listing.path)}>
            Choose this folder
          </button>
        )}
        {listing && wanted === 'target' && <NewBundle listing={listing} from={from} onChoose={onChoose} />}
      </footer>
    </dialog>
  );
}

function Places({ listing, onGo }: { listing: Listing | null; onGo: (path: string) => void }) {
  const facts = start.value!;
  return (
    <nav class="places" aria-label="Places">
      <button
        type="button"
        class="button"
        disabled={!listing?.parent}
        onClick={() => listing?.parent && onGo(listing.parent)}
      >
        ↑ Up
      </button>
      <button type="button" class="button" onClick={() => onGo(facts.home)}>
        Home
      </button>
      <button type="button" class="button" onClick={() => onGo(facts.folder)}>
        Start folder
      </button>
    </nav>
  );
}

function PathLine({ path, onGo }: { path: string; onGo: (path: string) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <form
      class="line"
      onSubmit={(event) => {
        event.preventDefault();
        onGo(typed ?? path);
        setTyped(null);
      }}
    >
      <input
        type="text"
        aria-label="Folder"
        spellcheck={false}
        autocomplete="off"
        value={typed ?? path}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <button type="submit" class="button">
        Go
      </button>
    </form>
  );
}

/** Buttons for several files: begins to tick them, takes the ticked ones, or all of the folder. */
function Several({
  listing,
  ticked,
  onTick,
  onChoose,
}: {
  listing: Listing;
  ticked: readonly string[] | null;
  onTick: (paths: readonly string[] | null) => void;
  onChoose: (paths: readonly string[]) => void;
}) {
  if (ticked === null) {
    const n = listing.entries.filter((entry) => fits(entry, 'data')).length;
    return (
      <>
        <button type="button" class="button" disabled={n < 2} onClick={() => onTick([])}>
          Choose several
        </button>
        <button type="button" class="button" disabled={n === 0} onClick={() => onChoose([listing.path])}>
          Take the whole folder
        </button>
      </>
    );
  }
  return (
    <>
      <button type="button" class="button" onClick={() => onTick(null)}>
        Choose one
      </button>
      <button
        type="button"
        class="button primary"
        disabled={ticked.length === 0}
        onClick={() => onChoose(ticked)}
      >
        {ticked.length > 0 ? `Take ${ticked.length}` : 'Take them'}
      </button>
    </>
  );
}

function Entries({
  listing,
  wanted,
  ticked,
  onGo,
  onChoose,
  onTick,
}: {
  listing: Listing | null;
  wanted: Wanted;
  ticked: readonly string[] | null;
  onGo: (path: string) => void;
  onChoose: (path: string) => void;
  onTick: (paths: readonly string[]) => void;
}) {
  if (!listing) return <ul class="entries" aria-busy="true" />;
  const shown = listing.entries.filter((entry) => isFolder(entry) || fits(entry, wanted));
  return (
    <ul class="entries" aria-label={`In ${listing.path}`}>
      {shown.map((entry) => {
        const chosen = fits(entry, wanted);
        if (chosen && ticked !== null) {
          const on = ticked.includes(entry.path);
          const others = ticked.filter((path) => path !== entry.path);
          return (
            <li key={entry.path}>
              <label>
                <input
                  type="checkbox"
                  checked={on}
                  onChange={() => onTick(on ? others : [...ticked, entry.path])}
                />
                <span class="name">{entry.name}</span>
                <span class="quiet">{remark(entry)}</span>
              </label>
            </li>
          );
        }
        return (
          <li key={entry.path}>
            <button type="button" onClick={() => (chosen ? onChoose(entry.path) : onGo(entry.path))}>
              <Glyph kind={entry.kind} />
              <span class="name">{entry.name}</span>
              <span class="quiet">{remark(entry)}</span>
            </button>
          </li>
        );
      })}
      {shown.length === 0 && <li class="quiet none">Nothing of this kind here</li>}
      {listing.left_out > 0 && (
        <li class="quiet none">{listing.left_out} more are not shown: type the path instead</li>
      )}
    </ul>
  );
}

function NewFolder({ parent, onMade }: { parent: string; onMade: (path: string) => void }) {
  const [name, setName] = useState('');
  const [naming, setNaming] = useState(false);
  const [problem, setProblem] = useState('');
  if (!naming) {
    return (
      <button type="button" class="button" onClick={() => setNaming(true)}>
        New folder
      </button>
    );
  }
  return (
    <form
      class="line naming"
      onSubmit={(event) => {
        event.preventDefault();
        ask('folder', PATH, { parent, name }).then(
          ({ path }) => {
            setNaming(false);
            setName('');
            setProblem('');
            onMade(path);
          },
          (error: unknown) => setProblem(wordsOf(error)),
        );
      }}
    >
      <input
        type="text"
        aria-label="Name of the new folder"
        placeholder="Name of the new folder"
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button type="submit" class="button" disabled={name.trim() === ''}>
        Make
      </button>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}

/** A field for the name of a new bundle, whose folder does not exist yet. */
function NewBundle({
  listing,
  from,
  onChoose,
}: {
  listing: Listing;
  from: string;
  onChoose: (path: string) => void;
}) {
  const [name, setName] = useState(() => from.split(/[/\\]/).pop() || 'bundle');
  return (
    <form
      class="line naming"
      onSubmit={(event) => {
        event.preventDefault();
        onChoose(joined(listing.path, name.trim()));
      }}
    >
      <input
        type="text"
        aria-label="Name of the bundle"
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button
        type="submit"
        class="button primary"
        disabled={name.trim() === '' || !listing.writable}
        title={listing.writable ? '' : 'This folder is not writable'}
      >
        Save here
      </button>
    </form>
  );
}

function useListing(path: string, hidden: boolean, again: number) {
  const [listing, setListing] = useState<Listing | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    const controller = new AbortController();
    ask('browse', LISTING, { path, hidden }, controller.signal).then(
      (found) => {
        setListing(found);
        setProblem('');
      },
      (error: unknown) => {
        if (!controller.signal.aborted) setProblem(wordsOf(error));
      },
    );
    return () => controller.abort();
  }, [path, hidden, again]);
  return { listing, problem };
}

function isFolder({ kind }: Entry): boolean {
  return kind === 'folder' || kind === 'bundle';
}

function fits({ kind }: Entry, wanted: Wanted): boolean {
  if (wanted === 'target') return kind === 'bundle';
  return kind === wanted && kind !== 'folder';
}

function remark({ kind, nbytes }: Entry): string {
  if (kind === 'bundle') return 'an export';
  return nbytes === null ? '' : formatBytes(nbytes);
}
