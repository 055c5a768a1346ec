/** The visible part of a list: pixels from its top, and the height of the window. */
export interface Sight {
  readonly top: number;
  readonly height: number;
}

/** So few rows are all there, for those who search a page by its text. */
const FEW = 100;
/** Rows beyond both ends of the window: what comes into sight next. */
const MORE = 8;
/** Pixels of a window that was not measured yet. */
const USUAL = 340;

/** Numbers of the rows that are worth being in the page, by rising number; `kept` is one of them wherever it is. */
export function rowsInSight(count: number, rowHeight: number, sight: Sight, kept: number | null): number[] {
  const few = count <= FEW;
  const height = sight.height || USUAL;
  const first = few ? 0 : Math.max(0, Math.floor(sight.top / rowHeight) - MORE);
  const last = few ? count : Math.min(count, Math.ceil((sight.top + height) / rowHeight) + MORE);
  // A list may have become shorter than how far it is scrolled.
  const begin = Math.min(first, Math.max(0, count - 2 * MORE));
  const rows = Array.from({ length: Math.max(0, last - begin) }, (_, at) => begin + at);
  if (kept === null || kept < 0 || kept >= count) return rows;
  if (kept < begin) return [kept, ...rows];
  return kept >= last ? [...rows, kept] : rows;
}
