import type { Centroid } from '../../bundle/bundle';
import type { Mask } from '../filters/mask';
import type { ShownEmbedding } from './embedding_view';

/** Most cells of a category to use: enough for the position of a name. */
const SAMPLE = 1001;

/**
 * The centre of each category, float32 `(nCategories, 3)`, relative to the embedding's origin;
 * NaN for a category without cells that have coordinates.
 *
 * It is the median along each axis of an even sample of up to 1,001 cells. Unlike the mean, it
 * stays among most of the cells if some are far away. Covers only the `wanted` categories, if given, and
 * only cells that the mask shows, to which `counts` refer.
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

/** Uses the bundle's own centres for the categories that have one. On a line they lie in the middle. */
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

/** A sample of cells, one category after another; `ends` has the end of each. */
function sampleCells(codes: Float32Array, counts: ArrayLike<number>, mask: Mask, wanted?: readonly number[]) {
  const nCategories = counts.length;
  // Every how many cells of a category one is sampled; 0 for none.
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
