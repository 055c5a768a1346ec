import type { PlacedSlide } from '../../../state/drawing/slides';
import type { Framed } from '../../view/deck_camera';
import { mapParallel } from '../../../bytes/parallel';
import { sizeOfTile } from '../../../bundle/tissue';
import { levelAt, tilesIn, type TileAt } from './level';
import { pixelsPerUnit, type Matrix } from './place';
import type { Tile, TileSource } from './tile_source';

/** Pixels of all tiles of a figure: a quarter of a gigabyte on the graphics card. */
const MOST_PIXELS = 64e6;

export interface FigureTile {
  readonly slide: PlacedSlide;
  readonly at: TileAt;
  readonly content: Tile;
}

/** A slide of a figure. */
export interface FigureSlide {
  readonly slide: PlacedSlide;
  /** From pixels of the full size to what the view shows. */
  readonly matrix: Matrix;
  readonly channels: readonly number[];
}

interface Frame {
  readonly framed: Framed;
  readonly width: number;
  readonly height: number;
  /** Pixels of the figure for each of the frame. */
  readonly scale: number;
}

/** Loads the tiles that a frame shows. */
export async function loadFigure(
  slides: readonly FigureSlide[],
  frame: Frame,
  source: TileSource,
): Promise<FigureTile[]> {
  const found = slides.map((each) => tilesOf(each, frame, MOST_PIXELS / slides.length));
  const wanted = found.flatMap(({ of, tiles }) => tiles.map((at) => ({ ...of, at })));
  return mapParallel(wanted, async ({ slide, channels, at }) => ({
    slide,
    at,
    content: await source.tile(slide, at, channels),
  }));
}

/** Whether slides are coarser than a figure, since so many tiles would not fit into memory. */
export function isCoarse(slides: readonly FigureSlide[], frame: Frame): boolean {
  return slides.some((each) => tilesOf(each, frame, MOST_PIXELS / slides.length).isCoarse);
}

/** Those of the level that suits the figure, or of a coarser one if they are too many. */
function tilesOf(of: FigureSlide, { framed, scale, ...window }: Frame, most: number) {
  const { slide, matrix, channels } = of;
  const there = planeOf(framed.projection.matrix, matrix);
  const back = inverse(there);
  const toWindow = (x: number, y: number) => onto(there, x, y);
  const toSlide = (x: number, y: number) => onto(back, x, y);
  const fit = levelAt(slide, pixelsPerUnit(slide) / (framed.perUnit * scale));
  for (let level = fit; ; level++) {
    const tiles = tilesIn(slide, level, window, toSlide, toWindow);
    const pixels = tiles.reduce((sum, each) => sum + areaOf(slide, each), 0);
    // A texel of two channels of 16 bits is as large as one of a picture.
    const isFew = pixels * Math.max(1, channels.length / 2) <= most;
    if (isFew || level === slide.levels.length - 1) return { of, tiles, isCoarse: level > fit };
  }
}

function areaOf(slide: PlacedSlide, { level, row, column }: TileAt): number {
  const { width, height } = sizeOfTile(slide, level, row, column);
  return width * height;
}

/** a, b, c, d, e, f: x is a x + b y + c, y is d x + e y + f. */
type Plane = readonly [number, number, number, number, number, number];

/** What two matrices do to a plane, the second one first. */
function planeOf(m: ArrayLike<number>, n: Matrix): Plane {
  const row = (axis: 0 | 1) =>
    [
      m[axis] * n[0] + m[axis + 4] * n[1],
      m[axis] * n[4] + m[axis + 4] * n[5],
      m[axis] * n[12] + m[axis + 4] * n[13] + m[axis + 12],
    ] as const;
  return [...row(0), ...row(1)];
}

function inverse([a, b, c, d, e, f]: Plane): Plane {
  const area = a * e - b * d;
  return [e / area, -b / area, (b * f - c * e) / area, -d / area, a / area, (c * d - a * f) / area];
}

function onto([a, b, c, d, e, f]: Plane, x: number, y: number): [number, number] {
  return [a * x + b * y + c, d * x + e * y + f];
}
