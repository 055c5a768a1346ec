import { sizeOfTile, type Slide } from '../../../bundle/tissue';
import { boxOf } from './place';

/** One tile of a slide. */
export interface TileAt {
  readonly level: number;
  readonly row: number;
  readonly column: number;
}

type Point = readonly [number, number];
type Pyramid = Pick<Slide, 'levels' | 'tile'>;

/** A pixel of the screen may show so many of the slide, as a power of two: half of them would be loaded in vain. */
const FINENESS = 0.25;

/** The level with about one pixel for each of the screen, which is `across` pixels of the full size. */
export function levelAt({ levels }: Pyramid, across: number): number {
  const level = Math.floor(Math.log2(Math.max(1e-9, across)) + FINENESS);
  return Math.min(levels.length - 1, Math.max(0, level));
}

/**
 * The tiles of a level that are in a window. `toSlide` and `toWindow` map pixels of the window and of the full size onto
 * each other; the window may be turned.
 */
export function tilesIn(
  slide: Pyramid,
  level: number,
  window: { readonly width: number; readonly height: number },
  toSlide: (x: number, y: number) => Point,
  toWindow: (x: number, y: number) => Point,
): TileAt[] {
  const side = slide.tile * 2 ** level;
  const seen = boxOf(window.width, window.height, toSlide);
  const { width, height } = slide.levels[level];
  const [columns, rows] = [width, height].map((length) => Math.ceil(length / slide.tile));
  const first = (low: number) => Math.max(0, Math.floor(low / side));
  const last = (high: number, count: number) => Math.min(count, Math.ceil(high / side));
  const found: TileAt[] = [];
  for (let row = first(seen[1]); row < last(seen[3], rows); row++)
    for (let column = first(seen[0]); column < last(seen[2], columns); column++) {
      const [left, top, right, bottom] = boundsOf(slide, { level, row, column });
      // In a turned window, tiles in its box may be beside it.
      const box = boxOf(right - left, bottom - top, (x, y) => toWindow(left + x, top + y));
      if (box[2] > 0 && box[3] > 0 && box[0] < window.width && box[1] < window.height)
        found.push({ level, row, column });
    }
  return found;
}

/** All tiles of a level. */
export function tilesOfLevel({ levels, tile }: Pyramid, level: number): TileAt[] {
  const { width, height } = levels[level];
  const [columns, rows] = [width, height].map((side) => Math.ceil(side / tile));
  return Array.from({ length: rows * columns }, (_, each) => ({
    level,
    row: Math.floor(each / columns),
    column: each % columns,
  }));
}

/** `[left, top, right, bottom]` of a tile in pixels of the full size. */
export function boundsOf(slide: Pyramid, { level, row, column }: TileAt): [number, number, number, number] {
  const { width, height } = sizeOfTile(slide, level, row, column);
  const pixel = 2 ** level;
  const [left, top] = [column * slide.tile * pixel, row * slide.tile * pixel];
  return [left, top, left + width * pixel, top + height * pixel];
}
