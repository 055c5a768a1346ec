import type { Floats } from '../../bytes/numbers';

/** Cells that are stored in an order of their own, in which the first ones, however many, are a fair sample of all. */
export interface CellOrder {
  /** The first cell of each level, and the number of all cells. Within a level, neighbours in the plot are neighbours. */
  readonly levels: readonly number[];
  /** Cells of a block: one box each. Blocks begin with each level. */
  readonly blockSize: number;
  /** Cells whose coarse coordinates are in one file. */
  readonly parts: readonly { readonly start: number; readonly end: number; readonly nbytes: number }[];
  /** The row of each cell among the exported ones in the order of the source, which all that leaves the page names. */
  rows(signal?: AbortSignal): Promise<Uint32Array>;
  /** The cell of each such row. */
  cells(signal?: AbortSignal): Promise<Uint32Array>;
  /** For each block, the smallest value of each axis, then the largest, relative to the origin; NaN without cells there. */
  boxes(signal?: AbortSignal): Promise<Floats>;
  /** Coordinates of a part in the first embedding, like `coordinates`, to 16 bits; NaN for cells without. */
  coarse(part: number, signal?: AbortSignal): Promise<Floats>;
}
