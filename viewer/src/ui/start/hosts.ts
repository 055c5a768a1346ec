import { agreedOrigins, agreeTo } from '../../bytes/http/consent';

const KEY = 'karospace-hosts';

/** What the user agreed to before a reload: kept by the tab, and gone with it. */
export function recallHosts(): void {
  try {
    agreeTo((sessionStorage.getItem(KEY) ?? '').split(' ').filter((origin) => origin !== ''));
  } catch {
    // Storage is denied to some file:// pages and private windows: the page then asks again.
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
