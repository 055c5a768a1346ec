import type { Camera } from '../../state/view/camera';
import { projectInto } from '../view/projection';
import type { Framed } from '../view/deck_camera';

/** Where a step along each axis leads in a frame, in pixels, beginning at the point that the camera looks at. */
export function axesOn({ projection, perUnit }: Framed, { x, y, orbit }: Camera): { x: number; y: number }[] {
  const from = [x, y, orbit?.z ?? 0];
  const [start, end] = [new Float64Array(3), new Float64Array(3)];
  projectInto(start, projection, from[0], from[1], from[2]);
  return from.map((_, axis) => {
    const [toX, toY, toZ] = from.map((each, at) => each + (at === axis ? 1 / perUnit : 0));
    projectInto(end, projection, toX, toY, toZ);
    return { x: end[0] - start[0], y: end[1] - start[1] };
  });
}
