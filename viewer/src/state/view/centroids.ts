import type { Centroid } from '../../bundle/bundle';
import type { Mask } from '../filters';
import type { ShownEmbedding } from './embedding_view';

/** Cells of a category that are looked at: enough for where a name stands. */
const SAMPLE = 1001;

/**
 * Where each category lies, float32 `(nCategories, 3)`, relative to the embedding's origin;
 * NaN where it has no cell with a place.
 *
 * The median along each axis, of up to 1,001 cells taken evenly from all: unlike the mean it
 * stays with most of the cells where some lie far away. Only the `wanted` categories, where they are named, and
 * only cells that the mask shows: `counts` are of these.
 */
export function medianCentroids(
  { positions, width }: ShownEmbedding,
  codes: Float32Array,
  counts: ArrayLike<number>,
  wanted?: readonly number[],
  mask: Mask = null,
): Float32Array<ArrayBuffer> {
  const centroids = new Float32Array(3 * counts.length).fill(NaN);
  const { cells, ends } = sampleCells(codes, counts, mask, wanted);
  const values = new Float32Array(SAMPLE);
  const place = (code: number) => {
    const from = code === 0 ? 0 : ends[code - 1];
    for (let axis = 0; axis < width; axis++) {
      let count = 0;
      for (let at = from; at < ends[code]; at++) {
        const value = positions[cells[at] * width + axis];
        if (!Number.isNaN(value)) values[count++] = value;
      }
      centroids[3 * code + axis] = median(values.subarray(0, count));
    }
    if (width === 2) centroids[3 * code + 2] = 0;
  };
  if (wanted) wanted.forEach(place);
  else for (let code = 0; code < counts.length; code++) place(code);
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

/** Cells by category, one category after the other; `ends` is where each ends. */
function sampleCells(codes: Float32Array, counts: ArrayLike<number>, mask: Mask, wanted?: readonly number[]) {
  const nCategories = counts.length;
  // How many cells of a category make one of the sample; 0 for none.
  const steps = new Uint32Array(nCategories);
  const step = (code: number) => (steps[code] = Math.max(1, Math.ceil(counts[code] / SAMPLE)));
  if (wanted) wanted.forEach(step);
  else for (let code = 0; code < nCategories; code++) step(code);
  const ends = new Uint32Array(nCategories);
  let end = 0;
  for (let code = 0; code < nCategories; code++) {
    ends[code] = end;
    if (steps[code] > 0) end += Math.ceil(counts[code] / steps[code]);
  }
  const cells = new Uint32Array(end);
  const seen = new Uint32Array(nCategories);
  for (let cell = 0; cell < codes.length; cell++) {
    if (mask && mask[cell] === 0) continue;
    const code = codes[cell];
    // NaN is a cell without a category.
    if (code >= 0 && steps[code] > 0 && seen[code]++ % steps[code] === 0) cells[ends[code]++] = cell;
  }
  return { cells, ends };
}

function median(values: Float32Array): number {
  const sorted = values.sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
