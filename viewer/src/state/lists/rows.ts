/** The visible part of a list: pixels from its top, and the height of the window. */
export interface Viewport {
  readonly top: number;
  readonly height: number;
}

/** Up to this many rows are all in the page, so that the browser's search finds them. */
const FEW = 100;
/** Rows beyond both ends of the window, which come into view next. */
const MORE = 8;
/** Height in pixels of a window that has not been measured yet. */
const USUAL = 340;

/** Numbers of the rows to have in the page, in ascending order; always including `kept`. */
export function rowsInView(
  count: number,
  rowHeight: number,
  viewport: Viewport,
  kept: number | null,
): number[] {
  const few = count <= FEW;
  const height = viewport.height || USUAL;
  const first = few ? 0 : Math.max(0, Math.floor(viewport.top / rowHeight) - MORE);
  const last = few ? count : Math.min(count, Math.ceil((viewport.top + height) / rowHeight) + MORE);
  // A list may have become shorter than its scroll position.
  const begin = Math.min(first, Math.max(0, count - 2 * MORE));
  const rows = Array.from({ length: Math.max(0, last - begin) }, (_, at) => begin + at);
  if (kept === null || kept < 0 || kept >= count) return rows;
  if (kept < begin) return [kept, ...rows];
  return kept >= last ? [...rows, kept] : rows;
}
