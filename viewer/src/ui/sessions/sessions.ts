import { signal } from '@preact/signals';
import { ViewerError } from '../../bytes/errors';
import {
  loadSession,
  readSession,
  SESSION_ENDING,
  writeSession,
  type SessionFile,
} from '../../state/link/saved/file';
import { compare, type Comparison } from '../../state/link/saved/identity';
import type { Session } from '../../state/session';
import { fileStem, save } from '../page/save';
import { say } from '../page/status';
import { waiting } from './waiting';
import { forget, keep, listKept, renameKept, textOfKept, type KeptView } from './kept';

/** Of one data set. */
const MOST_KEPT = 50;
const LONGEST_NAME = 100;
/** A larger one would not fit into the memory of the page a second time. */
const MOST_BYTES = 256 * 2 ** 20;

/** A session of another data set, and how that differs. */
export interface Foreign {
  readonly file: SessionFile;
  readonly comparison: Comparison;
}

/** The ways to save what an open bundle shows, and to bring it back. */
export class Sessions {
  /** The views that this browser keeps of the data set, the latest first; null if it keeps none for anybody. */
  readonly views = signal<readonly KeptView[] | null>([]);
  /** A view of an earlier visit, which the page offers. */
  readonly offered = signal<KeptView | null>(null);
  /** A session that asks whether the parts of it that fit are wanted. */
  readonly foreign = signal<Foreign | null>(null);
  readonly #of: string;

  constructor(readonly session: Session) {
    const { where, name, nCells } = session.bundle;
    // All files of a disk may share what the browser keeps.
    const place = location.protocol === 'file:' ? location.pathname + where : where;
    this.#of = JSON.stringify([place, name, nCells]);
  }

  /** Looks for views of earlier visits. */
  async begin(): Promise<void> {
    await this.#list();
    this.offered.value = this.views.peek()?.[0] ?? null;
  }

  async #list(): Promise<void> {
    try {
      this.views.value = await listKept(this.#of);
    } catch (error) {
      if (!(error instanceof ViewerError)) throw error;
      this.views.value = null;
    }
  }

  /** Keeps what is shown in this browser. */
  async keep(): Promise<void> {
    await this.#during('Keeping this view', async () => {
      const kept = this.views.peek();
      if (kept && kept.length >= MOST_KEPT) {
        throw new ViewerError(
          `This browser keeps ${MOST_KEPT} views of this data set already.`,
          'Forget one of them under “Sessions”, or save a session file.',
        );
      }
      const name = this.#freeName();
      await keep({ of: this.#of, name, at: Date.now() }, await writeSession(this.session));
      await this.#list();
      say(`Kept in this browser as “${name}”, under Sessions.`);
    });
  }

  restore(view: KeptView): Promise<void> {
    this.offered.value = null;
    return this.#opening(`Loading ${view.name}`, async () => {
      const text = await textOfKept(view.id);
      if (typeof text === 'string') return this.#open(text);
      await this.#list();
      throw new ViewerError(`The view “${view.name}” is gone.`, 'Another page may have removed it.');
    });
  }

  forget(view: KeptView): Promise<void> {
    if (this.offered.peek()?.id === view.id) this.offered.value = null;
    return this.#during(`Forgetting ${view.name}`, async () => {
      await forget(view.id);
      await this.#list();
    });
  }

  rename(view: KeptView, name: string): Promise<void> {
    const next = name.trim().slice(0, LONGEST_NAME) || view.name;
    return this.#during('Renaming a view', async () => {
      await renameKept(view, next);
      await this.#list();
    });
  }

  saveFile(): Promise<void> {
    return this.#during('Saving a session file', async () => {
      const text = await writeSession(this.session);
      const name = `${fileStem(this.session.bundle.name)}${SESSION_ENDING}`;
      save(new Blob([text], { type: 'application/json' }), name);
    });
  }

  openFile(file: Blob): Promise<void> {
    return this.#opening('Reading a session file', async () => this.#open(await sessionText(file)));
  }

  openText(text: string): Promise<void> {
    return this.#opening('Reading a session file', () => this.#open(text));
  }

  /** Brings back what fits of a session of another data set. */
  restoreForeign(foreign: Foreign): Promise<void> {
    this.foreign.value = null;
    return this.#opening('Loading a session', () => this.#load(foreign));
  }

  async #open(text: string): Promise<void> {
    const file = readSession(text);
    const comparison = await compare(this.session, file.bundle);
    if (!comparison.hasSameCells) this.foreign.value = { file, comparison };
    else await this.#load({ file, comparison });
  }

  async #load({ file, comparison }: Foreign): Promise<void> {
    say(await loadSession(this.session, file, comparison));
  }

  /** What was said of what was opened before is no longer true. */
  #opening(what: string, work: () => Promise<void>): Promise<void> {
    this.session.missed.value = null;
    this.session.problem.value = null;
    return this.#during(what, work);
  }

  #during(what: string, work: () => Promise<void>): Promise<void> {
    return this.session.during('session', what, work);
  }

  /** What colours the cells, with a number if a view has that name. */
  #freeName(): string {
    const name = (this.session.colouring.current.peek().label || 'View').slice(0, LONGEST_NAME);
    const taken = new Set(this.views.peek()?.map((view) => view.name));
    for (let number = 2; ; number++) {
      const next = taken.size === 0 || !taken.has(name) ? name : `${name} ${number}`;
      if (!taken.has(next)) return next;
    }
  }
}

/** The text of a dropped or chosen file. */
export async function sessionText(file: Blob): Promise<string> {
  if (file.size <= MOST_BYTES) return file.text();
  throw new ViewerError(
    'The file is too large for a session file: it may have 256 MiB.',
    `Open a file whose name ends with ${SESSION_ENDING}.`,
  );
}

const known = new WeakMap<Session, Sessions>();

export function sessionsOf(session: Session): Sessions {
  const found = known.get(session) ?? new Sessions(session);
  known.set(session, found);
  return found;
}

/** Holds a session file until a bundle is open. */
export async function holdSession(file: Blob): Promise<void> {
  const text = await sessionText(file);
  waiting.value = { text, name: readSession(text).bundle.name };
}

/** Offers a view of an earlier visit, and opens the session file that waits. */
export async function greet(session: Session): Promise<void> {
  const sessions = sessionsOf(session);
  const held = waiting.peek();
  waiting.value = null;
  if (held) await sessions.openText(held.text);
  await sessions.begin();
}
