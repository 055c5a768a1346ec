import type { Size } from '../../state/view/camera';
import { mostInTile } from './limits';

/** Less than a pixel: what is to be whole may be slightly less, and would be cut. */
const EPSILON = 1e-4;

interface Canvas {
  /** Sets the pixels of the canvas per pixel of the page. */
  readonly setRatio: (ratio: number) => void;
  /** Draws the part of a larger picture that begins at x, y, all in pixels of the page. */
  readonly draw: (whole: Size, x: number, y: number, ratio: number) => HTMLCanvasElement | null;
}

/** Draws a frame with `scale` pixels per unit on a canvas that is as large as the page, in tiles if that is too small. */
export function inTiles(
  frame: Size,
  scale: number,
  page: Size,
  { setRatio, draw }: Canvas,
): HTMLCanvasElement {
  const made = document.createElement('canvas');
  made.width = Math.max(1, Math.round(frame.width * scale));
  made.height = Math.max(1, Math.round(frame.height * scale));
  const wanted = Math.max(made.width / page.width, made.height / page.height);
  // Whole pixels, so that tiles fit together.
  const wide = Math.max(1, Math.ceil(page.width * Math.min(wanted, mostInTile(page))));
  const ratio = wide / page.width;
  const high = Math.max(1, Math.floor(page.height * ratio));
  const pen = made.getContext('2d')!;
  setRatio(ratio + EPSILON / page.width);
  for (let top = 0; top < made.height; top += high)
    for (let left = 0; left < made.width; left += wide) {
      const whole = { width: (made.width + EPSILON) / ratio, height: (made.height + EPSILON) / ratio };
      // The canvas counts from below.
      const under = Math.sign(high + top - made.height) * 2 * EPSILON;
      const drawn = draw(whole, -(left + EPSILON) / ratio, -(top + under) / ratio, ratio);
      // At once, since a canvas loses its pixels once they are displayed.
      if (drawn) pen.drawImage(drawn, left, top);
    }
  return made;
}
