import { discAt, LARGEST_DISC, projectInto, type Projection } from '../view/projection';

const TILE = 16;
/** A disc with its centre this far outside may reach into the window. */
const MARGIN = LARGEST_DISC / 2;
const OFF_SCREEN = 0xffffffff;

/** The cells as drawn. */
export interface DrawnCells {
  readonly positions: Float32Array;
  /** Values per cell. */
  readonly width: number;
  /** Whether the third value is drawn, as depth. */
  readonly solid: boolean;
  /** One byte per cell, 0 is hidden; null shows all. */
  readonly mask: Uint8Array | null;
}

/**
 * Finds the cell under a pixel in 3-D. The cells are sorted into tiles of the
 * screen, step by step, once the view is at rest; after that, a search reads a few tiles.
 * It takes 8 bytes per cell.
 */
export class ScreenGrid {
  #tiles = new Uint32Array(0);
  #cells = new Uint32Array(0);
  #starts = new Uint32Array(1);
  #columns = 0;
  #rows = 0;
  /** The depth of the front-most cell, which has the largest disc. */
  #front = Infinity;
  /** Number of cells done, over two passes. */
  #done = 0;
  /** Counts by tile in the first pass; the index of its next cell in the second. */
  #next: Uint32Array;
  readonly #spot = new Float64Array(3);

  constructor(
    readonly drawn: DrawnCells,
    readonly projection: Projection,
    size: { readonly width: number; readonly height: number },
    /** Arrays of an earlier grid, to be used again. */
    earlier: ScreenGrid | null = null,
  ) {
    const nCells = drawn.positions.length / drawn.width;
    this.#columns = Math.max(1, Math.ceil((size.width + 2 * MARGIN) / TILE));
    this.#rows = Math.max(1, Math.ceil((size.height + 2 * MARGIN) / TILE));
    const fits = earlier?.drawn.positions === drawn.positions;
    this.#tiles = fits ? earlier.#tiles : new Uint32Array(nCells);
    this.#cells = fits ? earlier.#cells : new Uint32Array(nCells);
    this.#next = new Uint32Array(this.#columns * this.#rows + 1);
  }

  /** The front-most cell whose disc covers a pixel; else the nearest one within `reach` pixels. */
  find(x: number, y: number, reach: number, diameter: number): number | null {
    const radius = Math.max(reach, discAt(diameter, this.projection, this.#front) / 2);
    let [covered, front] = [-1, Infinity];
    let [nearest, least] = [-1, reach];
    const left = this.#clamp(x - radius, this.#columns);
    const right = this.#clamp(x + radius, this.#columns);
    const bottom = this.#clamp(y + radius, this.#rows);
    for (let row = this.#clamp(y - radius, this.#rows); row <= bottom; row++) {
      const to = this.#starts[row * this.#columns + right + 1];
      for (let at = this.#starts[row * this.#columns + left]; at < to; at++) {
        const cell = this.#cells[at];
        this.#project(cell);
        const w = this.#spot[2];
        const distance = Math.sqrt((this.#spot[0] - x) ** 2 + (this.#spot[1] - y) ** 2);
        if (w < front && distance <= discAt(diameter, this.projection, w) / 2) {
          covered = cell;
          front = w;
        }
        if (distance <= least) {
          nearest = cell;
          least = distance;
        }
      }
    }
    const found = covered >= 0 ? covered : nearest;
    return found >= 0 ? found : null;
  }

  /** Sorts some more cells; true when all are sorted. */
  sortSome(count: number): boolean {
    const nCells = this.#tiles.length;
    const to = Math.min(2 * nCells, this.#done + count);
    const turn = Math.min(nCells, to);
    for (let cell = this.#done; cell < turn; cell++) this.#countInto(cell);
    if (this.#done < nCells && to >= nCells) this.#beginSecondPass();
    for (let at = Math.max(nCells, this.#done); at < to; at++) {
      const tile = this.#tiles[at - nCells];
      if (tile !== OFF_SCREEN) this.#cells[this.#next[tile]++] = at - nCells;
    }
    this.#done = to;
    return to === 2 * nCells;
  }

  #countInto(cell: number): void {
    const { mask } = this.drawn;
    const tile = mask && mask[cell] === 0 ? OFF_SCREEN : this.#tileOf(cell);
    this.#tiles[cell] = tile;
    if (tile !== OFF_SCREEN) this.#next[tile + 1]++;
  }

  #beginSecondPass(): void {
    for (let tile = 1; tile < this.#next.length; tile++) this.#next[tile] += this.#next[tile - 1];
    this.#starts = this.#next.slice();
  }

  #tileOf(cell: number): number {
    this.#project(cell);
    const column = Math.floor((this.#spot[0] + MARGIN) / TILE);
    const row = Math.floor((this.#spot[1] + MARGIN) / TILE);
    // These are NaN for a cell without coordinates; behind the camera w is negative.
    const seen = column >= 0 && column < this.#columns && row >= 0 && row < this.#rows && this.#spot[2] > 0;
    if (!seen) return OFF_SCREEN;
    if (this.#spot[2] < this.#front) this.#front = this.#spot[2];
    return row * this.#columns + column;
  }

  #project(cell: number): void {
    const { positions, width, solid } = this.drawn;
    const at = cell * width;
    projectInto(this.#spot, this.projection, positions[at], positions[at + 1], solid ? positions[at + 2] : 0);
  }

  #clamp(at: number, count: number): number {
    return Math.min(count - 1, Math.max(0, Math.floor((at + MARGIN) / TILE)));
  }
}
