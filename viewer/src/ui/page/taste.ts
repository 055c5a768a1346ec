const KEY = 'karospace-zeros';
const COLOURED = 'coloured';

/** Keeps whether cells that do not express a gene are grey, for pages that are opened later without a link. */
export function rememberZeros(grey: boolean): void {
  try {
    if (grey) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, COLOURED);
  } catch {
    // Storage is denied to some file:// pages and private windows: the choice then lasts as long as the page.
  }
}

/** What the user likes, as a link says it. A link itself says all of the picture, and goes before. */
export function tasteAsLink(): string {
  try {
    return localStorage.getItem(KEY) === COLOURED ? `zeros=${COLOURED}` : '';
  } catch {
    return '';
  }
}
