import type { Size } from '../../state/view/camera';

/** Most pixels of a picture: a tab takes about a dozen bytes for each while making it. */
const MOST_PIXELS = 64e6;
/** Most pixels that are drawn at once; larger pictures are drawn in tiles. */
const MOST_IN_TILE = 16e6;
/** No browser draws on larger canvases. */
const LONGEST_SIDE = 16_384;

interface Card {
  readonly viewport: number;
  readonly texture: number;
  readonly disc: number;
}
let known: Card | null = null;

function card(): Card {
  if (known) return known;
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return (known = { viewport: 4096, texture: 4096, disc: 64 });
  const [viewport] = gl.getParameter(gl.MAX_VIEWPORT_DIMS) as Int32Array;
  const [, disc] = gl.getParameter(gl.ALIASED_POINT_SIZE_RANGE) as Float32Array;
  known = { viewport, disc, texture: gl.getParameter(gl.MAX_TEXTURE_SIZE) as number };
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return known;
}

/** Most pixels per unit of a figure of this size, whose largest discs have a diameter in the same units. */
export function mostScale({ width, height }: Size, diameter: number): number {
  const { viewport, disc } = card();
  return Math.min(
    Math.min(LONGEST_SIDE, viewport) / Math.max(1, width, height),
    Math.sqrt(MOST_PIXELS / Math.max(1, width * height)),
    disc / Math.max(1e-3, diameter),
  );
}

/** Most pixels of a tile per pixel of the page. */
export function mostInTile({ width, height }: Size): number {
  return Math.min(
    card().texture / Math.max(1, width, height),
    Math.sqrt(MOST_IN_TILE / Math.max(1, width * height)),
  );
}
