import type { Size } from '../state/view/camera';

/** Most pixels of a picture: a tab takes about a dozen bytes for each while making it. */
const MOST_PIXELS = 40e6;

/** Most picture pixels per CSS pixel, given the size of the page and the diameter of the discs in CSS pixels. */
export function largestScale({ width, height }: Size, diameter: number): number {
  const gl = document.createElement('canvas').getContext('webgl2');
  const side = gl ? (gl.getParameter(gl.MAX_TEXTURE_SIZE) as number) : 4096;
  // Graphics cards limit the size of discs.
  const [, disc] = gl ? (gl.getParameter(gl.ALIASED_POINT_SIZE_RANGE) as Float32Array) : [1, 64];
  return Math.min(
    side / Math.max(1, width, height),
    Math.sqrt(MOST_PIXELS / Math.max(1, width * height)),
    disc / Math.max(1, diameter),
  );
}
