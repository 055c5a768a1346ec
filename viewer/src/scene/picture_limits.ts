import type { Size } from '../state/view/camera';

/** Pixels of one picture: a tab takes about a dozen bytes for each while it is made. */
const MOST_PIXELS = 40e6;

/** How many pixels for one of the page can be drawn, where discs have a diameter of so many CSS pixels. */
export function largestScale({ width, height }: Size, diameter: number): number {
  const gl = document.createElement('canvas').getContext('webgl2');
  const side = gl ? (gl.getParameter(gl.MAX_TEXTURE_SIZE) as number) : 4096;
  // Graphics cards draw larger discs smaller.
  const [, disc] = gl ? (gl.getParameter(gl.ALIASED_POINT_SIZE_RANGE) as Float32Array) : [1, 64];
  return Math.min(
    side / Math.max(1, width, height),
    Math.sqrt(MOST_PIXELS / Math.max(1, width * height)),
    disc / Math.max(1, diameter),
  );
}
