import type { Size } from '../../../state/view/camera';
import type { Projection } from '../../view/projection';
import type { ViewBox } from './nodes_in_view';

/** The place of a pixel of a plane, relative to the origin of the embedding. */
export function placeAt({ matrix: m }: Projection, x: number, y: number): [number, number] {
  const [dx, dy] = [x - m[12], y - m[13]];
  const turn = m[0] * m[5] - m[1] * m[4];
  return [(m[5] * dx - m[4] * dy) / turn, (m[0] * dy - m[1] * dx) / turn];
}

/** The box around all that is in view, however the plane is turned. */
export function viewBox(projection: Projection, { width, height }: Size): ViewBox {
  const { matrix: m } = projection;
  const corners = [
    [0, 0],
    [width, 0],
    [0, height],
    [width, height],
  ].map(([x, y]) => placeAt(projection, x, y));
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return {
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
    perUnit: Math.sqrt(Math.abs(m[0] * m[5] - m[1] * m[4])),
  };
}
