import { discAt, LARGEST_DISC, projectInto, type Projection } from '../view/projection';

const TILE = 16;
/** A disc may reach into the window from here. */
const MARGIN = LARGEST_DISC / 2;
const OFF_SCREEN = 0xffffffff;

/** The cells as they are drawn: what a picture of them is made of. */
export interface DrawnCells {
  readonly positions: Float32Array;
  /** Values a cell. */
  readonly width: number;
  /** Whether the third is drawn. */
  readonly solid: boolean;
  /** One byte a cell, 0 is hidden; null shows all. */
  readonly mask: Uint8Array | null;
}

/**
 * Finds the cell under a pixel where there is depth. The cells are sorted into tiles of the
 * screen when something is first pointed at after the view has changed; from then on a look
 * costs a few tiles. 8 bytes a cell.
 */
export class ScreenGrid {
  #tiles = new Uint32Array(0);
  #cells = new Uint32Array(0);
  #starts = new Uint32Array(1);
  #columns = 0;
  #rows = 0;
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
    this.#sort(nCells);
  }

  /** The front-most cell whose disc covers a pixel; else the nearest one within `reach` pixels. */
  find(x: number, y: number, reach: number, diameter: number): number | null {
    const radius = Math.max(reach, LARGEST_DISC / 2);
    let [covered, front] = [-1, Infinity];
    let [nearest, least] = [-1, reach];
    const [left, right] = [x - radius, x + radius].map((at) => this.#clamp(at, this.#columns));
    const [top, bottom] = [y - radius, y + radius].map((at) => this.#clamp(at, this.#rows));
    for (let row = top; row <= bottom; row++) {
      const from = this.#starts[row * this.#columns + left];
      const to = this.#starts[row * this.#columns + right + 1];
      for (let at = from; at < to; at++) {
        const cell = this.#cells[at];
        this.#project(cell);
        const [px, py, w] = this.#spot;
        const distance = Math.hypot(px - x, py - y);
        if (distance <= discAt(diameter, this.projection, w) / 2 && w < front) [covered, front] = [cell, w];
        if (distance <= least) [nearest, least] = [cell, distance];
      }
    }
    const found = covered >= 0 ? covered : nearest;
    return found >= 0 ? found : null;
  }

  #sort(nCells: number): void {
    const { mask } = this.drawn;
    const starts = new Uint32Array(this.#columns * this.#rows + 1);
    for (let cell = 0; cell < nCells; cell++) {
      const tile = mask && mask[cell] === 0 ? OFF_SCREEN : this.#tileOf(cell);
      this.#tiles[cell] = tile;
      if (tile !== OFF_SCREEN) starts[tile + 1]++;
    }
    for (let tile = 1; tile < starts.length; tile++) starts[tile] += starts[tile - 1];
    const next = starts.slice();
    for (let cell = 0; cell < nCells; cell++) {
      const tile = this.#tiles[cell];
      if (tile !== OFF_SCREEN) this.#cells[next[tile]++] = cell;
    }
    this.#starts = starts;
  }

  #tileOf(cell: number): number {
    this.#project(cell);
    const column = Math.floor((this.#spot[0] + MARGIN) / TILE);
    const row = Math.floor((this.#spot[1] + MARGIN) / TILE);
    // Of a cell without a place these are NaN; behind the camera w is negative.
    const seen = column >= 0 && column < this.#columns && row >= 0 && row < this.#rows && this.#spot[2] > 0;
    return seen ? row * this.#columns + column : OFF_SCREEN;
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
