import type { Cells } from '../selection/sets';

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
    unpack: () => {
      const unpacked = new Uint32Array(nCells + 1);
      let length = 0;
      for (let cell = 0; cell < nCells; cell++) {
        unpacked[length] = cell;
        length += (bits[cell >> 3] >> (cell & 7)) & 1;
      }
      return unpacked.slice(0, length);
    },
  };
}
