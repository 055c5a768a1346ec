import type { Size } from '../../view/camera';

/** Where panels lie in a scrolled page: all alike, row by row. Lengths in CSS pixels. */
export interface GridLayout {
  readonly columns: number;
  /** Of a whole panel, with its title. */
  readonly panel: Size;
  readonly height: number;
}

export const GAP = 12;
export const PADDING = 16;
/** The title of a panel, above its cells. */
export const TITLE = 34;
/** Room below the last row for the buttons over it. */
const FOOT = 64;
/** The least width of a panel, and that in a narrow window, where two stand side by side. */
const LEAST = 236;
const LEAST_NARROW = 148;
const NARROW = 560;
/** Cells of a panel are at most this many times as wide as high, or as high as wide. */
const MOST_ASPECT = 1.6;

/** Lays out `n` panels in a width. `aspect` is that of the sections: width through height. */
export function layoutGrid(n: number, width: number, aspect: number): GridLayout {
  const room = Math.max(1, width - 2 * PADDING);
  const least = width < NARROW ? LEAST_NARROW : LEAST;
  const fitting = Math.max(1, Math.floor((room + GAP) / (least + GAP)));
  // Few panels are larger, but not so large that one does not fit in sight.
  const columns = Math.min(fitting, Math.max(n, Math.min(2, fitting)));
  const side = Math.floor((room - (columns - 1) * GAP) / columns);
  const shape = Math.min(MOST_ASPECT, Math.max(1 / MOST_ASPECT, aspect || 1));
  const panel = { width: side, height: Math.round(side / shape) + TITLE };
  const rows = Math.ceil(n / columns);
  return { columns, panel, height: 2 * PADDING + rows * (panel.height + GAP) - GAP + FOOT };
}

/** The upper left corner of a panel. */
export function cornerOf({ columns, panel }: GridLayout, at: number): { left: number; top: number } {
  return {
    left: PADDING + (at % columns) * (panel.width + GAP),
    top: PADDING + Math.floor(at / columns) * (panel.height + GAP),
  };
}

/** The panels of which a part lies between two heights: the first, and the one after the last. */
export function panelsBetween(
  { columns, panel }: GridLayout,
  n: number,
  top: number,
  bottom: number,
): readonly [number, number] {
  const step = panel.height + GAP;
  const first = Math.max(0, Math.floor((top - PADDING + GAP) / step));
  const last = Math.max(first, Math.ceil((bottom - PADDING) / step));
  return [Math.min(n, first * columns), Math.min(n, last * columns)];
}

/** The panel that an arrow key leads to; null for another key. */
export function stepTo(key: string, at: number, n: number, columns: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns,
    ArrowDown: at + columns,
    Home: 0,
    End: n - 1,
  };
  const next = steps[key];
  if (next === undefined) return null;
  return next >= 0 && next < n ? next : at;
}
