import type { Numbers } from '../../../../bytes/numbers';

/** Steps of a coordinate within its bounds; the number after them stands for no coordinate. */
const STEPS = 65_534;
const NOWHERE = 65_535;

/** One axis of some points: the lowest coordinate, and how far the highest is from it. */
interface Axis {
  readonly low: number;
  readonly width: number;
}

/** Coordinates that are stored as steps, all of one axis after those of the one before; NaN for points without. */
export function pointsOfSteps(
  steps: Numbers,
  nPoints: number,
  axes: readonly Axis[],
): Float32Array<ArrayBuffer> {
  const points = new Float32Array(nPoints * axes.length);
  for (const [axis, { low, width }] of axes.entries()) {
    const unit = width / STEPS;
    for (let point = 0; point < nPoints; point++) {
      const step = steps[axis * nPoints + point];
      points[point * axes.length + axis] = step === NOWHERE ? NaN : low + step * unit;
    }
  }
  return points;
}
