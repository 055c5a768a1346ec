import type { Camera, Size } from '../../state/view/camera';

const LARGEST = 64;
/** Not all graphics cards draw larger points. */
const LARGEST_SPOT = 255;
const SMALLEST = 1;
const COVER = 0.18;
/** Points grow more slowly than the distances between them, so that zooming in separates them. */
const GROWTH = 0.6;

/** Diameter of a point in CSS pixels, given the number of shown cells. */
export function pointDiameter(
  nCells: number,
  size: Size,
  camera: Camera,
  fit: Camera,
  factor: number,
): number {
  const area = size.width * size.height;
  // When all cells fit, the squares around them, side by side, would cover this share of the window.
  const fitted = Math.min(8, Math.max(1.2, Math.sqrt((COVER * area) / Math.max(1, nCells))));
  const grown = fitted * factor * 2 ** (GROWTH * (camera.zoom - fit.zoom));
  return Math.min(LARGEST, Math.max(SMALLEST, grown));
}

/** Diameter in CSS pixels of a spot with a known size in the embedding's units: it grows with the picture. */
export function spotDiameter(spot: number, camera: Camera, factor: number): number {
  return Math.min(LARGEST_SPOT, Math.max(SMALLEST, spot * factor * 2 ** camera.zoom));
}
