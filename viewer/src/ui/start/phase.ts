import { signal } from '@preact/signals';
import { dataAddress } from '../../bytes/http/address';
import { UnseenHostError } from '../../bytes/http/consent';
import { ViewerError } from '../../bytes/errors';
import type { Files } from '../../bytes/files';
import { pickedFolder } from '../../bytes/folder/folder';
import { HttpFiles } from '../../bytes/http/http_files';
import { HttpZip } from '../../bytes/zip/http_zip';
import { openZip } from '../../bytes/zip/zip';
import type { Bundle } from '../../bundle/bundle';
import { dataSetOf, type Catalog } from '../../bundle/catalog';
import { MARKS } from '../../bundle/formats/registry';
import { openDataSet, openFolder } from '../../bundle/open';
import { followLink } from '../../state/link/link';
import { Session } from '../../state/session';
import { pageWorker } from '../page/worker';
import { preferencesAsLink } from '../page/preferences';
import { greet } from '../sessions/sessions';
import { rememberHost } from './hosts';

/** The state of the page between being opened and showing cells. */
export type Phase =
  | { readonly is: 'asking' }
  | { readonly is: 'opening'; readonly bundle: Bundle | null; readonly session: Session | null }
  | { readonly is: 'choosing'; readonly catalog: Catalog }
  | { readonly is: 'open'; readonly session: Session }
  | { readonly is: 'failed'; readonly error: unknown }
  /** The address leads to another host, which gets a request only if the user agrees. */
  | { readonly is: 'unseen-host'; readonly url: URL };

export const phase = signal<Phase>({ is: 'opening', bundle: null, session: null });
/** The share of a base layer's tables that has been read, from 0 to 1. */
export const tablesRead = signal(0);
/** The list from which the current bundle was chosen. */
export const list = signal<Catalog | null>(null);

/** The longest wait for the first panels. */
const PATIENCE_MS = 20_000;

/** Ends the requests of the bundle that is open, or being opened. */
let closing = new AbortController();
/** Counts attempts to open: one that ends after a newer one has begun is not shown. */
let turn = 0;
/** Whether the list belongs to the page's address, which then names the chosen data set. */
let listHasAddress = false;

/** Opens the folder of the page, or the one in `?data=`. */
export function openFromAddress(address: Location): void {
  if (!hasWebGL2()) {
    fail(
      new ViewerError(
        'This browser has no WebGL 2, which this page needs for drawing.',
        'Use a current Firefox, Chrome, Edge or Safari, and turn on hardware acceleration in its settings.',
      ),
    );
    return;
  }
  const data = new URLSearchParams(address.search).get('data');
  if (data === null && address.protocol === 'file:') {
    phase.value = { is: 'asking' };
    return;
  }
  try {
    const { folder, mark, zip } = dataAddress(data ?? '.', address.href, MARKS);
    if (zip) void openZipAt(zip);
    else void openFiles(new HttpFiles(folder), { mark, hasAddress: true });
  } catch (error) {
    fail(error);
  }
}

export function openPicked(files: FileList | null): void {
  if (!files || files.length === 0) return;
  try {
    void openFiles(pickedFolder(files, MARKS));
  } catch (error) {
    fail(error);
  }
}

export async function openZipFile(file: File | undefined): Promise<void> {
  if (file) await openZipWith(() => openZip(file, file.name, MARKS));
}

function openZipAt(address: URL): Promise<void> {
  return openZipWith(() => openZip(new HttpZip(address), address.href, MARKS), true);
}

async function openZipWith(open: () => Promise<Files>, hasAddress = false): Promise<void> {
  const mine = begin();
  try {
    const files = await open();
    if (mine === turn) await openFiles(files, { hasAddress });
  } catch (error) {
    if (mine === turn) fail(error);
  }
}

/** Opens a bundle, or shows the list if a folder holds several. */
export async function openFiles(
  files: Files,
  { mark, hasAddress = false }: { mark?: string | null; hasAddress?: boolean } = {},
): Promise<void> {
  const mine = begin();
  list.value = null;
  listHasAddress = hasAddress;
  try {
    const opened = await openFolder(files, { mark, onProgress: showTables, closed: closing.signal });
    if (mine !== turn) return;
    if (opened.is === 'bundle') {
      await showBundle(opened.bundle, mine);
      return;
    }
    list.value = opened.catalog;
    const [only] = opened.catalog.datasets;
    const chosen = hasAddress ? chosenInAddress() : null;
    if (chosen !== null) await openChosen(opened.catalog, chosen);
    else if (opened.catalog.datasets.length === 1) await openChosen(opened.catalog, only.id);
    else showList(opened.catalog);
  } catch (error) {
    if (mine === turn) fail(error);
  }
}

/** Opens one data set of the list. */
export function choose(catalog: Catalog, id: string): void {
  if (listHasAddress) goTo(id);
  void openChosen(catalog, id);
}

/** Shows the list again. */
export function backToList(): void {
  if (!list.value) return;
  if (listHasAddress) goTo(null);
  showList(list.value);
}

/** Follows the browser's back and forward buttons between the list and its data sets. */
export function followHistory(): void {
  let shown = chosenInAddress();
  addEventListener('popstate', () => {
    const chosen = chosenInAddress();
    // A change of the fragment alone is handled elsewhere.
    if (!list.value || !listHasAddress || chosen === shown) return;
    shown = chosen;
    if (chosen === null) showList(list.value);
    else void openChosen(list.value, chosen);
  });
  addressChanged = () => (shown = chosenInAddress());
}
let addressChanged = (): unknown => null;

async function openChosen(catalog: Catalog, id: string): Promise<void> {
  const mine = begin();
  try {
    const dataset = dataSetOf(catalog, id);
    const bundle = await openDataSet(catalog, dataset, { onProgress: showTables, closed: closing.signal });
    if (mine === turn) await showBundle(bundle, mine);
  } catch (error) {
    if (mine === turn) fail(error);
  }
}

async function showBundle(bundle: Bundle, mine: number): Promise<void> {
  const session = new Session(bundle, pageWorker);
  // Its own host may redirect only later requests.
  session.problem.subscribe((problem) => {
    if (mine === turn && problem instanceof UnseenHostError) fail(problem);
  });
  phase.value = { is: 'opening', bundle, session };
  await followLink(session, location.hash.slice(1) || preferencesAsLink(), () => {
    if (mine === turn && isPlaced(session)) phase.value = { is: 'open', session };
    return firstPanels(session);
  });
  session.history.begin();
  if (mine !== turn) return;
  if (isPlaced(session)) void greet(session);
  else fail(session.problem.peek());
}

/** Whether there is something to draw: panels load their own cells. */
function isPlaced({ view, tissue }: Session): boolean {
  return view.embedding.peek() !== null || tissue.sections.mode.peek() === 'grid';
}

/** Panels come before all else is loaded, unless the page is not in sight. */
async function firstPanels(session: Session): Promise<void> {
  const { sections } = session.tissue;
  if (sections.mode.peek() !== 'grid') return;
  const patience = new Promise<void>((done) => setTimeout(done, PATIENCE_MS));
  // Busy meanwhile: the address is not written until the colours of the link are there.
  await session.during('embedding', 'Loading the sections', () => Promise.race([sections.seen, patience]));
}

function showTables(share: number): void {
  tablesRead.value = share;
}

function showList(catalog: Catalog): void {
  close();
  phase.value = { is: 'choosing', catalog };
}

/** Ends what is open, so that its requests do not delay the next. */
function close(): void {
  closing.abort();
  closing = new AbortController();
  turn++;
}

function begin(): number {
  close();
  tablesRead.value = 0;
  phase.value = { is: 'opening', bundle: null, session: null };
  return turn;
}

function fail(error: unknown): void {
  phase.value =
    error instanceof UnseenHostError ? { is: 'unseen-host', url: error.url } : { is: 'failed', error };
}

/** Opens the address after the user has agreed to its host. */
export function openAgreed(url: URL): void {
  rememberHost(url.origin);
  openFromAddress(location);
}

export function declineHost(url: URL): void {
  turn++;
  fail(
    new ViewerError(
      `Nothing from ${url.host} is shown.`,
      'Reload the page to be asked again, or open an export on this machine.',
    ),
  );
}

function chosenInAddress(): string | null {
  return new URLSearchParams(location.search).get('dataset');
}

/** The fragment of one data set does not apply to the next. */
function goTo(dataset: string | null): void {
  const url = new URL(location.href);
  url.hash = '';
  if (dataset === null) url.searchParams.delete('dataset');
  else url.searchParams.set('dataset', dataset);
  history.pushState(null, '', url);
  addressChanged();
}

function hasWebGL2(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null;
}
