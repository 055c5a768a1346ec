import { cellsWhere, type Cells } from '../selection/sets';

/** A list of cells, or a bit for each cell where that is shorter. */
export interface Packed {
  readonly array: Uint8Array | Uint32Array;
  unpack(): Cells;
}

export function pack(cells: Cells, nCells: number): Packed {
  if (4 * cells.length <= nCells / 8) return { array: cells, unpack: () => cells };
  const bits = new Uint8Array(Math.ceil(nCells / 8));
  for (let at = 0; at < cells.length; at++) bits[cells[at] >> 3] |= 1 << (cells[at] & 7);
  return {
    array: bits,
    unpack: () => cellsWhere(nCells, (cell) => (bits[cell >> 3] & (1 << (cell & 7))) !== 0),
  };
}
