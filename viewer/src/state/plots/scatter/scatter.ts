import type { Numbers } from '../../../bytes/numbers';
import type { Mask } from '../../filters/mask';
import { cellsWhere, type Cells } from '../../selection/sets';
import { codesOf, type Vector } from '../engine/vectors';
import { onAxis } from '../log_axis';
import { correlate, type Correlation } from './correlation';

/** With more cells, squares with counts are drawn instead of points. */
export const MOST_POINTS = 4_000;
/** Squares from side to side. */
const N_SQUARES = 64;
/** Most counts of categories by square. */
const MOST_COUNTS = 2 ** 24;
/** The colour of cells without a category, or of all cells. */
export const NO_COLOUR = -1;

export interface ScatterInput {
  readonly x: Numbers;
  readonly y: Numbers;
  readonly mask: Mask;
  readonly isLog: boolean;
  /** The categories that colour the cells; null for none. */
  readonly colours: Vector | null;
  readonly nColours: number;
}

/** One axis of squares, in values of the axis. */
export interface Squares {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

export interface Scatter extends Correlation {
  /** Cells with both values; the shown cells without one, or with an infinite one. */
  readonly n: number;
  readonly nMissing: number;
  readonly nInfinite: number;
  /** Null without cells. */
  readonly axes: readonly [Squares, Squares] | null;
  /** Counts by square: first all of the lowest row. */
  readonly counts: Uint32Array<ArrayBuffer>;
  /** The most frequent category of each square; null if not asked for, or too many. */
  readonly most: Int32Array<ArrayBuffer> | null;
  /** Places of the cells on both axes, and their categories; null if there are too many. */
  readonly points: { readonly x: Float64Array; readonly y: Float64Array; readonly code: Int32Array } | null;
}

export function scatterOf(input: ScatterInput): Scatter {
  const { x, y, mask, isLog } = input;
  const cells = new Uint32Array(x.length);
  let [n, nMissing, nInfinite] = [0, 0, 0];
  for (let cell = 0; cell < x.length; cell++) {
    if (mask && mask[cell] === 0) continue;
    const [left, right] = [x[cell], y[cell]];
    if (left !== left || right !== right) nMissing++;
    else if (Number.isFinite(left) && Number.isFinite(right)) cells[n++] = cell;
    else nInfinite++;
  }
  const placesOf = (values: Numbers) =>
    Float64Array.from({ length: n }, (_, at) => onAxis(values[cells[at]], isLog));
  const [atX, atY] = [placesOf(x), placesOf(y)];
  const none = { counts: new Uint32Array(0), most: null, points: null };
  const correlation = n > 0 ? correlate(atX, atY) : { pearson: NaN, spearman: NaN };
  const known = { n, nMissing, nInfinite, ...correlation };
  if (n === 0) return { ...known, axes: null, ...none };
  const axes = [squaresOf(atX), squaresOf(atY)] as const;
  const codes = codesOfCells(input, cells.subarray(0, n));
  return {
    ...known,
    axes,
    ...countSquares(atX, atY, axes, codes, input.nColours),
    points: n <= MOST_POINTS ? { x: atX, y: atY, code: codes ?? new Int32Array(n).fill(NO_COLOUR) } : null,
  };
}

/** The shown cells in a rectangle of values, its bounds included. */
export function cellsInside(
  { x, y, mask }: Pick<ScatterInput, 'x' | 'y' | 'mask'>,
  [left, right]: readonly [number, number],
  [bottom, top]: readonly [number, number],
): Cells {
  // Rounded as the values are: a value that is shown as 0.1 is at least 0.1.
  const like = (values: Numbers, bound: number) =>
    values instanceof Float32Array ? Math.fround(bound) : bound;
  const [fromX, toX] = [like(x, left), like(x, right)];
  const [fromY, toY] = [like(y, bottom), like(y, top)];
  return cellsWhere(
    x.length,
    (cell) => x[cell] >= fromX && x[cell] <= toX && y[cell] >= fromY && y[cell] <= toY && mask?.[cell] !== 0,
  );
}

/** Whole numbers have a square each, if there are few. */
function squaresOf(places: Float64Array): Squares {
  let [low, high, isWhole] = [Infinity, -Infinity, true];
  for (let at = 0; at < places.length; at++) {
    const place = places[at];
    if (place < low) low = place;
    if (place > high) high = place;
    if (isWhole && !Number.isInteger(place)) isWhole = false;
  }
  if (isWhole && high - low < N_SQUARES) return { low: low - 0.5, high: high + 0.5, count: high - low + 1 };
  if (low === high) return { low: low - 0.5, high: high + 0.5, count: 1 };
  return { low, high, count: N_SQUARES };
}

export function squareOf({ low, high, count }: Squares, place: number): number {
  return Math.min(count - 1, Math.floor(((place - low) / (high - low)) * count));
}

function codesOfCells({ colours, nColours, x }: ScatterInput, cells: Cells): Int32Array<ArrayBuffer> | null {
  if (!colours) return null;
  const { codes, missing } = codesOf(colours, x.length);
  return Int32Array.from(cells, (cell) => {
    const code = codes[cell];
    return code === missing || code >= nColours ? NO_COLOUR : code;
  });
}

function countSquares(
  x: Float64Array,
  y: Float64Array,
  [across, up]: readonly [Squares, Squares],
  codes: Int32Array | null,
  nColours: number,
) {
  const nSquares = across.count * up.count;
  const counts = new Uint32Array(nSquares);
  const width = nColours + 1;
  const byColour = codes && nSquares * width <= MOST_COUNTS ? new Uint32Array(nSquares * width) : null;
  for (let at = 0; at < x.length; at++) {
    const square = squareOf(up, y[at]) * across.count + squareOf(across, x[at]);
    counts[square]++;
    // Those without a category are the last.
    if (byColour && codes) byColour[square * width + (codes[at] < 0 ? nColours : codes[at])]++;
  }
  const most = byColour && Int32Array.from(counts, (_, square) => mostFrequent(byColour, square, width));
  return { counts, most };
}

function mostFrequent(byColour: Uint32Array, square: number, width: number): number {
  const own = byColour.subarray(square * width, (square + 1) * width);
  let most = 0;
  for (let code = 1; code < width; code++) if (own[code] > own[most]) most = code;
  return most === width - 1 ? NO_COLOUR : most;
}
