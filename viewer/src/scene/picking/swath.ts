import type { Corner, Region } from './regions';

/** What a round brush covers on its way: one bit of a picture for each pixel, so that a cell costs one look-up. */
export class Swath implements Region {
  readonly #left: number;
  readonly #top: number;
  readonly #width: number;
  readonly #height: number;
  readonly #covered: Uint8Array;

  constructor(
    way: readonly Corner[],
    readonly radius: number,
  ) {
    const [xs, ys] = [0, 1].map((axis) => way.map((corner) => corner[axis]));
    this.#left = Math.floor(least(xs) - radius);
    this.#top = Math.floor(least(ys) - radius);
    this.#width = Math.ceil(most(xs) + radius) - this.#left + 1;
    this.#height = Math.ceil(most(ys) + radius) - this.#top + 1;
    this.#covered = new Uint8Array(this.#width * this.#height);
    way.forEach((corner, at) => this.#cover(way[Math.max(0, at - 1)], corner));
  }

  holds(x: number, y: number): boolean {
    const [column, row] = [Math.floor(x) - this.#left, Math.floor(y) - this.#top];
    if (!(column >= 0 && column < this.#width && row >= 0 && row < this.#height)) return false;
    return this.#covered[row * this.#width + column] === 1;
  }

  /** Covers the pixels whose centre is at most the radius away from a line. */
  #cover(from: Corner, to: Corner): void {
    const { radius } = this;
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const long = dx * dx + dy * dy;
    const right = Math.ceil(Math.max(from[0], to[0]) + radius);
    const bottom = Math.ceil(Math.max(from[1], to[1]) + radius);
    for (let y = Math.floor(Math.min(from[1], to[1]) - radius); y <= bottom; y++) {
      const line = (y - this.#top) * this.#width - this.#left;
      for (let x = Math.floor(Math.min(from[0], to[0]) - radius); x <= right; x++) {
        const [px, py] = [x + 0.5 - from[0], y + 0.5 - from[1]];
        const along = long === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / long));
        if ((px - along * dx) ** 2 + (py - along * dy) ** 2 <= radius * radius) this.#covered[line + x] = 1;
      }
    }
  }
}

// Not by `Math.min(...)`, since a long way has more corners than a call may have arguments.
const least = (values: number[]) => values.reduce((one, other) => Math.min(one, other));
const most = (values: number[]) => values.reduce((one, other) => Math.max(one, other));
