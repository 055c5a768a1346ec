import { agreedOrigins, agreeTo } from '../../bytes/http/consent';

const KEY = 'karospace-hosts';

/** Restores the hosts that the user agreed to before a reload. The tab keeps them until it is closed. */
export function recallHosts(): void {
  try {
    agreeTo((sessionStorage.getItem(KEY) ?? '').split(' ').filter((origin) => origin !== ''));
  } catch {
    // Some file:// pages and private windows deny storage: the page then asks again.
  }
}

export function rememberHost(origin: string): void {
  agreeTo([origin]);
  try {
    sessionStorage.setItem(KEY, agreedOrigins().join(' '));
  } catch {
    // As above.
  }
}
