import { effect } from '@preact/signals';
import { followLink, linkOf } from '../../state/link/link';
import type { Session } from '../../state/session';

const QUIET_MS = 250;

/** Writes the session into the address, and follows a link that is pasted over it. */
export function keepLink(session: Session): () => void {
  const link = linkOf(session);
  let written = location.hash.slice(1);
  let timer = 0;
  const write = (text: string) => {
    if (text === written) return;
    if (session.busy.peek()) {
      // What a panel shows is a part of the link before it is loaded.
      timer = window.setTimeout(() => write(text), QUIET_MS);
      return;
    }
    written = text;
    history.replaceState(null, '', text ? `#${text}` : location.pathname + location.search);
  };
  const stop = effect(() => {
    const text = link.value;
    clearTimeout(timer);
    // Browsers stop pages that rewrite their address in every frame of a drag.
    timer = window.setTimeout(() => write(text), QUIET_MS);
  });
  const follow = () => {
    const text = location.hash.slice(1);
    if (text === written) return;
    written = text;
    void session.history.step(() => followLink(session, text), 'following the link');
  };
  addEventListener('hashchange', follow);
  return () => {
    stop();
    clearTimeout(timer);
    removeEventListener('hashchange', follow);
  };
}
