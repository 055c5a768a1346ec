import { inSlices } from '../../state/selection/slices';
import type { Cells } from '../../state/selection/sets';
import { projectInto, type Projection } from '../view/projection';
import type { DrawnCells } from './screen_grid';

export type Corner = readonly [x: number, y: number];

/** A part of the screen. */
export interface Region {
  holds(x: number, y: number): boolean;
}

/** The shown cells whose centres lie in a region of the screen, in ascending order. */
export async function cellsWithin(region: Region, drawn: DrawnCells, projection: Projection): Promise<Cells> {
  const { positions, width, solid, mask } = drawn;
  const nCells = positions.length / width;
  const found = new Uint32Array(nCells);
  const spot = new Float64Array(3);
  let count = 0;
  await inSlices(nCells, (from, to) => {
    for (let cell = from; cell < to; cell++) {
      if (mask && mask[cell] === 0) continue;
      const at = cell * width;
      projectInto(spot, projection, positions[at], positions[at + 1], solid ? positions[at + 2] : 0);
      if (spot[2] > 0 && region.holds(spot[0], spot[1])) found[count++] = cell;
    }
  });
  return found.slice(0, count);
}
