import type { Centroid } from '../bundle/bundle';
import type { Place } from './places';

/** Cells of a category that are looked at: enough for where a name stands. */
const SAMPLE = 1001;

/**
 * Where each category lies, float32 `(nCategories, 3)`, relative to the embedding's origin;
 * NaN where it has no cell with a place.
 *
 * The median along each axis, of up to 1,001 cells taken evenly from all: unlike the mean it
 * stays with most of the cells where some lie far away.
 */
export function medianCentroids(
  { positions, width }: Place,
  codes: Float32Array,
  counts: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const picked = sampleCells(codes, counts);
  const centroids = new Float32Array(3 * counts.length).fill(NaN);
  picked.forEach((cells, code) => {
    for (let axis = 0; axis < 3; axis++) {
      const values = axis < width ? cells.map((cell) => positions[cell * width + axis]) : [0];
      centroids[3 * code + axis] = median(values.filter((value) => !Number.isNaN(value)));
    }
  });
  return centroids;
}

/** Replaces those that the bundle brings, which may be some only. A line has them on its middle. */
export function withGiven(
  centroids: Float32Array<ArrayBuffer>,
  given: readonly Centroid[],
): Float32Array<ArrayBuffer> {
  const all = centroids.slice();
  for (const { category, position } of given) {
    if (3 * category < all.length)
      all.set(
        [0, 1, 2].map((axis) => position[axis] ?? 0),
        3 * category,
      );
  }
  return all;
}

function sampleCells(codes: Float32Array, counts: ArrayLike<number>): number[][] {
  const picked = Array.from(counts, (): number[] => []);
  const seen = new Uint32Array(counts.length);
  const steps = Uint32Array.from(counts, (count) => Math.max(1, Math.ceil(count / SAMPLE)));
  for (let cell = 0; cell < codes.length; cell++) {
    const code = codes[cell];
    // NaN is a cell without a category.
    if (code >= 0 && seen[code]++ % steps[code] === 0) picked[code].push(cell);
  }
  return picked;
}

function median(values: readonly number[]): number {
  const sorted = Float32Array.from(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
