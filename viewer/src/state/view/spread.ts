import type { Floats } from '../../bytes/numbers';

/** The band of cells is this wide, as a share of the length of the axis. */
const BAND = 0.32;
const N_BINS = 256;
/** An isolated cell is moved at least this share of the distance in the densest part. */
const LEAST = 0.04;

/**
 * Gives cells on a line a second axis, so that they do not hide each other: a number between
 * -1 and 1 computed from the cell's number, times the density of cells there. It is the same
 * every time, and means nothing.
 *
 * @returns float32 `(nCells, 2)`.
 */
export function spreadLine(line: Floats, low: number, high: number): Floats {
  const length = high - low || 1;
  const density = densityAlong(line, low, length);
  const spread = new Float32Array(line.length * 2);
  for (let cell = 0; cell < line.length; cell++) {
    const x = line[cell];
    spread[2 * cell] = x;
    spread[2 * cell + 1] = (hashed(cell) * 2 - 1) * (BAND / 2) * length * density[binOf(x, low, length)];
  }
  return spread;
}

/** The greatest distance of a cell from the line. */
export function bandHalf(low: number, high: number): number {
  return (BAND / 2) * (high - low || 1);
}

/** A pseudorandom number in [0, 1). */
export function hashed(cell: number): number {
  let bits = Math.imul(cell ^ 0x9e3779b9, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

/** Density relative to the densest bin, from `LEAST` to 1, smoothed over five bins. */
function densityAlong(line: Floats, low: number, length: number): Float32Array {
  const counts = new Float32Array(N_BINS);
  for (let cell = 0; cell < line.length; cell++)
    if (line[cell] - low >= 0) counts[binOf(line[cell], low, length)]++;
  const smooth = counts.map((_, bin) => {
    let sum = 0;
    for (let near = Math.max(0, bin - 2); near <= Math.min(N_BINS - 1, bin + 2); near++) sum += counts[near];
    return sum;
  });
  const most = smooth.reduce((largest, count) => Math.max(largest, count), 1);
  return smooth.map((count) => Math.max(LEAST, count / most));
}

function binOf(x: number, low: number, length: number): number {
  const bin = Math.floor(((x - low) / length) * N_BINS);
  return bin >= 0 ? Math.min(bin, N_BINS - 1) : 0;
}
