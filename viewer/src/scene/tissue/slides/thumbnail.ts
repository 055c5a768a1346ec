import type { Slide } from '../../../bundle/tissue';
import { adjusted, shareOf, type DrawnChannel, type SlideLook } from '../../../state/drawing/slide_look';
import type { TileAt } from './level';
import { TileSource, type ChannelTile, type PictureTile } from './tile_source';

/** A thumbnail takes no more tiles than this, whatever the slide states. */
const MOST_TILES = 64;

/** Tiles of all thumbnails: those of the lowest level are small. */
const source = new TileSource();

/** A small picture of a whole slide, with at most so many pixels along its longer side, in the colours of a look. */
export async function thumbnail(
  slide: Slide,
  largestPixels: number,
  look: SlideLook,
  signal?: AbortSignal,
): Promise<ImageBitmap> {
  const level = levelFor(slide, largestPixels);
  const { width, height } = slide.levels[level];
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d')!;
  const channels = look.channels.map((each) => each.number);
  for (const at of tilesOf(slide, level)) {
    const tile = await source.tile(slide, at, channels, signal);
    const pixels = tile.kind === 'rgb' ? pictureOf(tile, look) : sumOf(tile, look);
    pen.putImageData(pixels, at.column * slide.tile, at.row * slide.tile);
  }
  const shrink = Math.min(1, largestPixels / Math.max(width, height));
  const [resizeWidth, resizeHeight] = [width, height].map((side) => Math.max(1, Math.round(side * shrink)));
  return createImageBitmap(canvas, { resizeWidth, resizeHeight, resizeQuality: 'high' });
}

/** The coarsest level that has as many pixels. */
function levelFor({ levels, tile }: Slide, largestPixels: number): number {
  const isEnough = ({ width, height }: { width: number; height: number }) =>
    Math.max(width, height) >= largestPixels;
  const isFew = ({ width, height }: { width: number; height: number }) =>
    Math.ceil(width / tile) * Math.ceil(height / tile) <= MOST_TILES;
  for (let level = levels.length - 1; level > 0; level--)
    if (isEnough(levels[level]) || !isFew(levels[level - 1])) return level;
  return 0;
}

function tilesOf(slide: Slide, level: number): TileAt[] {
  const { width, height } = slide.levels[level];
  const [columns, rows] = [width, height].map((side) => Math.ceil(side / slide.tile));
  return Array.from({ length: rows * columns }, (_, each) => ({
    level,
    row: Math.floor(each / columns),
    column: each % columns,
  }));
}

function pictureOf({ bitmap, width, height }: PictureTile, look: SlideLook): ImageData {
  const pen = new OffscreenCanvas(width, height).getContext('2d')!;
  pen.drawImage(bitmap, 0, 0);
  const pixels = pen.getImageData(0, 0, width, height);
  if (look.brightness === 1 && look.contrast === 1 && look.gamma === 1) return pixels;
  const table = Uint8ClampedArray.from({ length: 256 }, (_, byte) => 255 * adjusted(byte / 255, look));
  for (let at = 0; at < pixels.data.length; at++) if (at % 4 !== 3) pixels.data[at] = table[pixels.data[at]];
  return pixels;
}

function sumOf({ values, channels, width, height }: ChannelTile, look: SlideLook): ImageData {
  const sums = new Float32Array(3 * width * height);
  channels.forEach((number, layer) => {
    const channel = look.channels.find((each) => each.number === number);
    if (channel)
      addTo(sums, values.subarray(layer * width * height, (layer + 1) * width * height), channel, look.gamma);
  });
  const pixels = new ImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let part = 0; part < 3; part++)
      pixels.data[4 * pixel + part] = 255 * Math.min(1, sums[3 * pixel + part] * look.brightness);
    pixels.data[4 * pixel + 3] = 255;
  }
  return pixels;
}

function addTo(
  sums: Float32Array,
  values: ArrayLike<number>,
  { color, low, high }: DrawnChannel,
  gamma: number,
): void {
  for (let pixel = 0; pixel < values.length; pixel++) {
    const share = shareOf(values[pixel], low, high, gamma);
    // What is no number is black.
    if (share > 0) for (let part = 0; part < 3; part++) sums[3 * pixel + part] += share * color[part];
  }
}
