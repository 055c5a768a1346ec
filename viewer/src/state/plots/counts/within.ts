import { SHOWN, type Mask } from '../../filters/mask';
import type { Cells } from '../../selection/sets';

/** The mask of those cells that it shows. */
export function maskWithin(mask: Mask, cells: Cells, nCells: number): Mask {
  const within = new Uint8Array(nCells);
  for (let at = 0; at < cells.length; at++) if (!mask || mask[cells[at]] !== 0) within[cells[at]] = SHOWN;
  return within;
}
