import { signal } from '@preact/signals';
import { ViewerError } from '../bytes/errors';
import { PickedFiles } from '../bytes/folder';
import type { Files } from '../bytes/files';
import { HttpFiles } from '../bytes/http';
import { openBundle } from '../bundle/open';
import type { Bundle } from '../bundle/bundle';
import { followLink } from '../state/link';
import { Session } from '../state/session';

/** Where the page is between being opened and showing cells. */
export type Phase =
  | { readonly is: 'asking' }
  | { readonly is: 'opening'; readonly bundle: Bundle | null; readonly session: Session | null }
  | { readonly is: 'open'; readonly session: Session }
  | { readonly is: 'failed'; readonly error: unknown };

export const phase = signal<Phase>({ is: 'opening', bundle: null, session: null });
/** How much of the tables of a base layer is read, from 0 to 1. */
export const tablesRead = signal(0);

/** Opens the folder that the page lies in, or the one that `?data=` names. */
export function openFromAddress(address: Location): void {
  if (!hasWebGL2()) {
    phase.value = {
      is: 'failed',
      error: new ViewerError(
        'This browser offers no WebGL 2, which drawing needs.',
        'Use a current Firefox, Chrome, Edge or Safari, and switch hardware acceleration on in its settings.',
      ),
    };
    return;
  }
  const data = new URLSearchParams(address.search).get('data');
  if (data === null && address.protocol === 'file:') {
    phase.value = { is: 'asking' };
    return;
  }
  try {
    // A folder's address may be given without the slash that makes it one.
    const base = new URL(data ?? '.', address.href);
    if (data !== null && !/\.[a-z]+$/i.test(base.pathname) && !base.pathname.endsWith('/'))
      base.pathname += '/';
    void openFiles(new HttpFiles(base));
  } catch {
    phase.value = {
      is: 'failed',
      error: new ViewerError(`?data=${data} is no address.`, 'Give the address of the folder of a bundle.'),
    };
  }
}

export function openPicked(list: FileList | null): void {
  if (!list || list.length === 0) return;
  try {
    void openFiles(new PickedFiles(list));
  } catch (error) {
    phase.value = { is: 'failed', error };
  }
}

export async function openFiles(files: Files): Promise<void> {
  tablesRead.value = 0;
  phase.value = { is: 'opening', bundle: null, session: null };
  try {
    const bundle = await openBundle(files, (share) => (tablesRead.value = share));
    const session = new Session(bundle);
    phase.value = { is: 'opening', bundle, session };
    await followLink(session, location.hash.slice(1), () => {
      if (session.places.place.peek()) phase.value = { is: 'open', session };
    });
    if (!session.places.place.peek()) phase.value = { is: 'failed', error: session.problem.peek() };
  } catch (error) {
    phase.value = { is: 'failed', error };
  }
}

function hasWebGL2(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null;
}
