const KEY = 'karospace-zeros';
const COLOURED = 'coloured';

/** Remembers choices of this browser under a name. */
export function remember(key: string, choices: Readonly<Record<string, unknown>>): void {
  try {
    localStorage.setItem(key, JSON.stringify(choices));
  } catch {
    // Some file:// pages and private windows deny storage: the choice then lasts as long as the page.
  }
}

/** What was remembered under a name. */
export function recall(key: string): Readonly<Record<string, unknown>> {
  try {
    const known: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return typeof known === 'object' && known !== null ? (known as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Remembers whether cells that do not express a gene are grey, for pages that are opened later without a link. */
export function rememberZeros(grey: boolean): void {
  try {
    if (grey) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, COLOURED);
  } catch {
    // The same.
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
