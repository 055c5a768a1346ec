import type { Segments } from './segments';

/** A box of the embedding, divided into equal cubes or squares. */
export interface Raster {
  /** Lower corner, and the number of cubes along each axis; 1 if there is no third axis. */
  readonly corner: readonly [number, number, number];
  readonly counts: readonly [number, number, number];
  readonly spacing: number;
}

/** Input of the arrows. */
export interface Field {
  /** float32 `(n, width)`. */
  readonly positions: Float32Array;
  readonly width: number;
  /** float32 `(n, dims)`: displacements. */
  readonly vectors: Float32Array;
  readonly dims: number;
  readonly solid: boolean;
  /** One byte per cell, 0 is hidden; null shows all. */
  readonly mask: Uint8Array | null;
}

/** This share of the arrows is shorter than the spacing; the longest are cut. */
const USUAL = 0.9;
const LONGEST = 1.4;

/**
 * One arrow for each cube with cells: from the centre of its cells, along the mean of
 * their displacements. In a cube with one cell, it is the arrow of that cell.
 */
export function averageField(field: Field, raster: Raster, lengthFactor: number): Segments {
  const { counts } = raster;
  const nCubes = counts[0] * counts[1] * counts[2];
  const cells = new Uint32Array(nCubes);
  const sums = new Float64Array(nCubes * 6);
  addUp(field, raster, cells, sums);

  let count = 0;
  for (let cube = 0; cube < nCubes; cube++) if (cells[cube] > 0) count++;
  const tails = new Float32Array(3 * count);
  const tips = new Float32Array(3 * count);
  const lengths = new Float32Array(count);
  let arrow = 0;
  for (let cube = 0; cube < nCubes; cube++) {
    if (cells[cube] === 0) continue;
    for (let axis = 0; axis < 3; axis++) {
      tails[3 * arrow + axis] = sums[6 * cube + axis] / cells[cube];
      tips[3 * arrow + axis] = sums[6 * cube + 3 + axis] / cells[cube];
    }
    lengths[arrow] = Math.hypot(tips[3 * arrow], tips[3 * arrow + 1], tips[3 * arrow + 2]);
    arrow++;
  }
  stretch(tails, tips, lengths, raster.spacing * lengthFactor);
  return { tails, tips, count };
}

/** Sums of positions and displacements, by cube. */
function addUp(field: Field, raster: Raster, cells: Uint32Array, sums: Float64Array): void {
  const { positions, width, vectors, dims, solid, mask } = field;
  const { corner, counts, spacing } = raster;
  const nCells = positions.length / width;
  for (let cell = 0; cell < nCells; cell++) {
    if (mask && mask[cell] === 0) continue;
    const x = positions[cell * width];
    const y = positions[cell * width + 1];
    const z = solid ? positions[cell * width + 2] : 0;
    const column = Math.floor((x - corner[0]) / spacing);
    const row = Math.floor((y - corner[1]) / spacing);
    const layer = solid ? Math.floor((z - corner[2]) / spacing) : 0;
    // NaN is outside any range.
    const within =
      column >= 0 && column < counts[0] && row >= 0 && row < counts[1] && layer >= 0 && layer < counts[2];
    if (!within) continue;
    const dx = vectors[cell * dims];
    const dy = dims > 1 ? vectors[cell * dims + 1] : 0;
    const dz = solid && dims > 2 ? vectors[cell * dims + 2] : 0;
    if (Number.isNaN(dx + dy + dz)) continue;
    const cube = (layer * counts[1] + row) * counts[0] + column;
    cells[cube]++;
    sums[6 * cube] += x;
    sums[6 * cube + 1] += y;
    sums[6 * cube + 2] += z;
    sums[6 * cube + 3] += dx;
    sums[6 * cube + 4] += dy;
    sums[6 * cube + 5] += dz;
  }
}

/** Scales displacements so that a typical arrow is as long as the distance between arrows. */
function stretch(tails: Float32Array, tips: Float32Array, lengths: Float32Array, spacing: number): void {
  const sorted = lengths.slice().sort();
  const usual = sorted[Math.min(sorted.length - 1, Math.floor(USUAL * sorted.length))] || 1;
  for (let arrow = 0; arrow < lengths.length; arrow++) {
    const length = lengths[arrow];
    const scale = (Math.min(LONGEST, length / usual) * spacing) / (length || 1);
    for (let axis = 0; axis < 3; axis++) {
      const at = 3 * arrow + axis;
      tips[at] = tails[at] + tips[at] * scale;
    }
  }
}
