import type { Camera, Size } from '../../state/view/camera';

const LARGEST = 64;
/** Graphics cards draw no larger points everywhere. */
const LARGEST_SPOT = 255;
const SMALLEST = 1;
const COVER = 0.18;
/** Points grow slower than the distances between them, so that zooming in parts them. */
const GROWTH = 0.6;

/** Diameter of a point in CSS pixels, if so many cells are shown. */
export function pointDiameter(
  nCells: number,
  size: Size,
  camera: Camera,
  fit: Camera,
  factor: number,
): number {
  const area = size.width * size.height;
  // At the fit the squares around the cells would cover this share of the window, side by side.
  const fitted = Math.min(8, Math.max(1.2, Math.sqrt((COVER * area) / Math.max(1, nCells))));
  const grown = fitted * factor * 2 ** (GROWTH * (camera.zoom - fit.zoom));
  return Math.min(LARGEST, Math.max(SMALLEST, grown));
}

/** Diameter in CSS pixels of a spot, whose size in the embedding's units is known: it grows as the picture does. */
export function spotDiameter(spot: number, camera: Camera, factor: number): number {
  return Math.min(LARGEST_SPOT, Math.max(SMALLEST, spot * factor * 2 ** camera.zoom));
}
