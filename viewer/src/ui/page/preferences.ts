const KEY = 'karospace-zeros';
const COLOURED = 'coloured';

/** Remembers whether cells that do not express a gene are grey, for pages that are opened later without a link. */
export function rememberZeros(grey: boolean): void {
  try {
    if (grey) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, COLOURED);
  } catch {
    // Some file:// pages and private windows deny storage: the choice then lasts as long as the page.
  }
}

/** The user's preference, in the form of a link. A real link describes the whole picture, and overrides it. */
export function preferencesAsLink(): string {
  try {
    return localStorage.getItem(KEY) === COLOURED ? `zeros=${COLOURED}` : '';
  } catch {
    return '';
  }
}
