import type { Size } from '../../state/view/camera';
import { projectInto, type Projection } from '../view/projection';
import type { DrawnCells } from './screen_grid';

/** One byte per cell: 1 if its centre lies in the window. */
export function cellsInView(drawn: DrawnCells, projection: Projection, size: Size): Uint8Array<ArrayBuffer> {
  const { positions, width, solid } = drawn;
  const seen = new Uint8Array(positions.length / width);
  const spot = new Float64Array(3);
  for (let cell = 0; cell < seen.length; cell++) {
    const at = cell * width;
    projectInto(spot, projection, positions[at], positions[at + 1], solid ? positions[at + 2] : 0);
    const within = spot[0] >= 0 && spot[0] <= size.width && spot[1] >= 0 && spot[1] <= size.height;
    if (within && spot[2] > 0) seen[cell] = 1;
  }
  return seen;
}
