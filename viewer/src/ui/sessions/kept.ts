import { ViewerError } from '../../bytes/errors';

/** A view that the browser keeps, without its session. */
export interface KeptView {
  readonly id: number;
  /** The data set that it is of. */
  readonly of: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const DATABASE = 'karospace-sessions';
/** The texts of sessions, some of megabytes, are apart from the list, which is read whenever a page opens. */
const [VIEWS, TEXTS] = ['views', 'texts'];

/** The kept views of a data set, the latest first. */
export async function listKept(of: string): Promise<readonly KeptView[]> {
  const found = await inStores('readonly', (views) => views.index('of').getAll(of));
  return (found as KeptView[]).sort((one, other) => other.at - one.at);
}

export function keep(view: Omit<KeptView, 'id'>, text: string): Promise<unknown> {
  return inStores('readwrite', (views, texts) => {
    const added = views.add(view);
    added.onsuccess = () => texts.put(text, added.result);
    return added;
  });
}

/** The session of a kept view; undefined if another page has removed it. */
export function textOfKept(id: number): Promise<unknown> {
  return inStores('readonly', (_, texts) => texts.get(id));
}

export function renameKept(view: KeptView, name: string): Promise<unknown> {
  return inStores('readwrite', (views) => views.put({ ...view, name }));
}

export function forget(id: number): Promise<unknown> {
  return inStores('readwrite', (views, texts) => {
    texts.delete(id);
    return views.delete(id);
  });
}

type Work = (views: IDBObjectStore, texts: IDBObjectStore) => IDBRequest;

async function inStores(mode: IDBTransactionMode, work: Work): Promise<unknown> {
  let database: IDBDatabase | null = null;
  try {
    database = await openDatabase();
    const transaction = database.transaction([VIEWS, TEXTS], mode);
    const request = work(transaction.objectStore(VIEWS), transaction.objectStore(TEXTS));
    await new Promise<void>((done, failed) => {
      transaction.oncomplete = () => done();
      transaction.onabort = () => failed(transaction.error ?? new Error('it was stopped'));
    });
    return request.result as unknown;
  } catch (error) {
    throw refusal(error);
  } finally {
    database?.close();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    // Some private windows and frames throw here already.
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(VIEWS, { keyPath: 'id', autoIncrement: true }).createIndex('of', 'of');
      request.result.createObjectStore(TEXTS);
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error ?? new Error('it cannot be opened'));
  });
}

function refusal(error: unknown): ViewerError {
  const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
  return new ViewerError(
    isFull
      ? 'This browser has no room left to keep this view.'
      : 'This browser does not let the page keep anything.',
    isFull ? 'Forget other views, or save a session file.' : 'Save a session file instead.',
  );
}
