import type { Polygon } from './region';

const MOST_BANDS = 2048;

/** Tests millions of points for a polygon: its sides are listed by bands across it, so that a point meets few of them. */
export class Inside {
  /** By band: x and y of both ends of each side, in one list. */
  readonly #bands: number[][];
  #left = Infinity;
  #right = -Infinity;
  #low = Infinity;
  #high = -Infinity;
  readonly #perUnit: number;

  constructor(polygon: Polygon) {
    let nSides = 0;
    for (const ring of polygon)
      for (const [x, y] of ring) {
        nSides++;
        this.#left = Math.min(this.#left, x);
        this.#right = Math.max(this.#right, x);
        this.#low = Math.min(this.#low, y);
        this.#high = Math.max(this.#high, y);
      }
    const nBands = Math.max(1, Math.min(MOST_BANDS, nSides));
    this.#bands = Array.from({ length: nBands }, () => []);
    this.#perUnit = this.#high > this.#low ? nBands / (this.#high - this.#low) : 0;
    for (const ring of polygon)
      ring.forEach((from, at) => {
        const to = ring[(at + 1) % ring.length];
        const last = this.#bandOf(Math.max(from[1], to[1]));
        for (let band = this.#bandOf(Math.min(from[1], to[1])); band <= last; band++)
          this.#bands[band].push(...from, ...to);
      });
  }

  /** Whether a point is inside, by the even-odd rule: a hole is outside. */
  holds(x: number, y: number): boolean {
    if (!(x >= this.#left && x <= this.#right && y >= this.#low && y <= this.#high)) return false;
    const sides = this.#bands[this.#bandOf(y)];
    let inside = false;
    for (let at = 0; at < sides.length; at += 4) {
      const [fromX, fromY, toX, toY] = [sides[at], sides[at + 1], sides[at + 2], sides[at + 3]];
      if (fromY > y === toY > y) continue;
      if (x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX)) inside = !inside;
    }
    return inside;
  }

  #bandOf(y: number): number {
    return Math.min(this.#bands.length - 1, Math.max(0, Math.floor((y - this.#low) * this.#perUnit)));
  }
}
