import type { Numbers } from '../bytes/numbers';

/** The smallest and largest finite value of every axis of `(cells, dims)`; null for an axis without one. */
export function boundsOf(positions: Numbers, dims: number): { minimum: number[]; maximum: number[] } | null {
  const minimum = new Array<number>(dims).fill(Infinity);
  const maximum = new Array<number>(dims).fill(-Infinity);
  for (let at = 0, axis = 0; at < positions.length; at++, axis = axis + 1 === dims ? 0 : axis + 1) {
    const value = positions[at];
    if (!Number.isFinite(value)) continue;
    if (value < minimum[axis]) minimum[axis] = value;
    if (value > maximum[axis]) maximum[axis] = value;
  }
  return minimum.every(Number.isFinite) ? { minimum, maximum } : null;
}
