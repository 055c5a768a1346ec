import type { PlacedSlide } from '../../../state/drawing/slides';

/** Column-major 4 x 4. */
export type Matrix = Float64Array<ArrayBuffer>;

/** From pixels of the full size to coordinates relative to the embedding's origin. */
export function toEmbedding({ toPixel }: Pick<PlacedSlide, 'toPixel'>, origin: readonly number[]): Matrix {
  const [a, b, c, d, e, f] = toPixel;
  const area = a * e - b * d;
  // The inverse; its shift is relative to the origin.
  const x = (b * f - c * e) / area - origin[0];
  const y = (c * d - a * f) / area - origin[1];
  return Float64Array.of(e / area, -d / area, 0, 0, -b / area, a / area, 0, 0, 0, 0, 1, 0, x, y, 0, 1);
}

/** The product of two matrices, the second of which is applied first; null stands for no change. */
export function product(first: ArrayLike<number> | null, second: Matrix): Matrix {
  if (!first) return second;
  return Float64Array.from({ length: 16 }, (_, at) => {
    const [row, column] = [at % 4, 4 * Math.floor(at / 4)];
    return [0, 1, 2, 3].reduce((sum, each) => sum + first[row + 4 * each] * second[column + each], 0);
  });
}

/** Pixels of the full size per unit of the coordinates, as the root of an area if the two axes differ. */
export function pixelsPerUnit({ toPixel: [a, b, , d, e] }: Pick<PlacedSlide, 'toPixel'>): number {
  return Math.sqrt(Math.abs(a * e - b * d));
}

/** `[left, low, right, high]` around a box from 0, 0 that is mapped. */
export function boxOf(
  width: number,
  height: number,
  map: (x: number, y: number) => readonly [number, number],
): [number, number, number, number] {
  const corners = [map(0, 0), map(width, 0), map(0, height), map(width, height)];
  const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** A point of a plane after a matrix. */
export function applied(m: ArrayLike<number>, x: number, y: number): [number, number] {
  return [m[0] * x + m[4] * y + m[12], m[1] * x + m[5] * y + m[13]];
}
