import type { Corner, Region } from './regions';

/**
 * A closed polygon that can test millions of points: its sides are listed by the rows of
 * pixels that they touch, so that each point is compared with few of them.
 */
export class Fence implements Region {
  /** By row of pixels: x and y of both ends of each side, in one list. */
  readonly #rows: number[][] = [];
  readonly #top: number;
  readonly #left: number;
  readonly #right: number;

  constructor(polygon: readonly Corner[]) {
    const [xs, ys] = [0, 1].map((axis) => polygon.map((corner) => corner[axis]));
    this.#left = Math.min(...xs);
    this.#right = Math.max(...xs);
    this.#top = Math.floor(Math.min(...ys));
    polygon.forEach((from, index) => {
      const to = polygon[(index + 1) % polygon.length];
      const first = Math.floor(Math.min(from[1], to[1])) - this.#top;
      const last = Math.floor(Math.max(from[1], to[1])) - this.#top;
      for (let row = first; row <= last; row++) (this.#rows[row] ??= []).push(...from, ...to);
    });
  }

  /** Whether a point is inside, by the even-odd rule. */
  holds(x: number, y: number): boolean {
    if (!(x >= this.#left && x <= this.#right)) return false;
    const sides = this.#rows[Math.floor(y) - this.#top];
    if (!sides) return false;
    let inside = false;
    for (let at = 0; at < sides.length; at += 4) {
      const fromY = sides[at + 1];
      const toY = sides[at + 3];
      if (fromY > y === toY > y) continue;
      if (x < sides[at] + ((y - fromY) / (toY - fromY)) * (sides[at + 2] - sides[at])) inside = !inside;
    }
    return inside;
  }
}
