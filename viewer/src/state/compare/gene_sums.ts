import { AT_ONCE, sortNumbers, toKeys, ZERO_KEY } from './sort_keys';

/** The marks of cells: of one side, of the other, or of none. */
export type Marks = Uint8Array<ArrayBuffer>;
export const FIRST = 1;
export const SECOND = 2;

/** Numbers of one gene over one side. */
export interface SideSums {
  /** Cells whose value is not 0. */
  readonly nExpressing: number;
  readonly mean: number;
  /** With n − 1 in the denominator. */
  readonly variance: number;
}

/** All that the tests need of one gene. */
export interface GeneSums {
  readonly sides: readonly [SideSums, SideSums];
  /** Pairs of cells in which that of the first side has the larger value, and half of those with equal ones. */
  readonly u: number;
  /** Sum of t³ − t over the sets of t equal values of both sides together. */
  readonly ties: number;
  /** Values that are no number, which count as 0; and infinite ones, which count as the largest finite one. */
  readonly nMissing: number;
  readonly nInfinite: number;
}

/**
 * Sums genes over two sides, one after another. Zeros are only counted, and other values are sorted, each side for
 * itself. Exact: sums are formed in float64 in cell order, and pairs are whole numbers or halves below 2^53.
 */
export class GeneSummer {
  /** The cells of each side, ascending. */
  readonly #cells: readonly [Uint32Array, Uint32Array];
  readonly #values: readonly [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>];
  readonly #spare: Uint32Array;

  constructor(marks: Marks) {
    this.#cells = [cellsOf(marks, FIRST), cellsOf(marks, SECOND)];
    const [first, second] = this.#cells.map(({ length }) => length);
    // One more, since each value is written before it is known whether it is kept.
    this.#values = [new Float32Array(first + 1), new Float32Array(second + 1)];
    this.#spare = new Uint32Array(Math.max(first, second));
  }

  /** Sums a gene without a pause. */
  sum(values: Float32Array): GeneSums {
    const steps = this.steps(values);
    let step = steps.next();
    while (!step.done) step = steps.next();
    return step.value;
  }

  /** Sums a gene; the work can be interrupted where it yields, but not for another gene. */
  *steps(values: Float32Array): Generator<undefined, GeneSums> {
    const kept = [yield* this.#gather(0, values), yield* this.#gather(1, values)] as const;
    const odd = repair(kept);
    const sides = [yield* this.#sideSums(0, kept[0]), yield* this.#sideSums(1, kept[1])] as const;
    const keys = kept.map(({ buffer, length }) => new Uint32Array(buffer, 0, length));
    for (const each of keys) {
      toKeys(each);
      yield* sortNumbers(each, this.#spare);
    }
    const zeros = this.#cells.map(({ length }, side) => length - sides[side].nExpressing);
    return { sides, ...countPairs(keys[0], keys[1], zeros), ...odd };
  }

  /** The values of a side that are not 0, in cell order. */
  *#gather(side: 0 | 1, values: Float32Array): Generator<undefined, Float32Array<ArrayBuffer>> {
    const [cells, kept] = [this.#cells[side], this.#values[side]];
    let length = 0;
    for (let from = 0; from < cells.length; from += AT_ONCE) {
      const to = Math.min(cells.length, from + AT_ONCE);
      for (let at = from; at < to; at++) {
        const value = values[cells[at]];
        kept[length] = value;
        length += Number(value !== 0);
      }
      yield;
    }
    return kept.subarray(0, length);
  }

  *#sideSums(side: 0 | 1, kept: Float32Array): Generator<undefined, SideSums> {
    const nCells = this.#cells[side].length;
    let [nExpressing, sum, low, high] = [0, 0, Infinity, -Infinity];
    for (let at = 0; at < kept.length; at++) {
      const value = kept[at];
      nExpressing += Number(value !== 0);
      sum += value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    yield;
    // Equal values have no variance, and no rounding errors in place of one.
    if (kept.length === nCells && low === high) return { nExpressing, mean: low, variance: 0 };
    const mean = sum / nCells;
    let squares = (nCells - kept.length) * mean * mean;
    for (let at = 0; at < kept.length; at++) squares += (kept[at] - mean) ** 2;
    yield;
    return { nExpressing, mean, variance: squares / (nCells - 1) };
  }
}

function cellsOf(marks: Marks, mark: number): Uint32Array {
  let count = 0;
  for (let cell = 0; cell < marks.length; cell++) count += Number(marks[cell] === mark);
  const cells = new Uint32Array(count + 1);
  let length = 0;
  for (let cell = 0; cell < marks.length; cell++) {
    cells[length] = cell;
    length += Number(marks[cell] === mark);
  }
  return cells.subarray(0, count);
}

/** Replaces values that are not finite, as the exporter does in its statistics. */
function repair(kept: readonly [Float32Array, Float32Array]): { nMissing: number; nInfinite: number } {
  let [nMissing, nInfinite, low, high] = [0, 0, 0, 0];
  for (const values of kept)
    for (let at = 0; at < values.length; at++) {
      const value = values[at];
      if (value - value !== 0) {
        if (value !== value) nMissing++;
        else nInfinite++;
      } else if (value < low) low = value;
      else if (value > high) high = value;
    }
  if (nMissing + nInfinite > 0)
    for (const values of kept)
      for (let at = 0; at < values.length; at++)
        values[at] = values[at] !== values[at] ? 0 : Math.max(low, Math.min(high, values[at]));
  return { nMissing, nInfinite };
}

/** Goes through the sorted values of both sides at once, in sets of equal ones. */
function countPairs(
  first: Uint32Array,
  second: Uint32Array,
  [zerosOfFirst, zerosOfSecond]: readonly number[],
): { u: number; ties: number } {
  let [u, ties, below, at, other] = [0, 0, 0, 0, 0];
  let isBelowZero = true;
  const count = (ofFirst: number, ofSecond: number) => {
    u += ofFirst * (below + ofSecond / 2);
    below += ofSecond;
    const together = ofFirst + ofSecond;
    if (together > 1) ties += together ** 3 - together;
  };
  while (at < first.length || other < second.length) {
    const [one, two] = [first[at] ?? Infinity, second[other] ?? Infinity];
    const key = one < two ? one : two;
    if (isBelowZero && key >= ZERO_KEY) {
      isBelowZero = false;
      count(zerosOfFirst, zerosOfSecond);
    }
    const [from, otherFrom] = [at, other];
    while (at < first.length && first[at] === key) at++;
    while (other < second.length && second[other] === key) other++;
    // Zeros in place of missing values are among the zeros already.
    if (key !== ZERO_KEY) count(at - from, other - otherFrom);
  }
  if (isBelowZero) count(zerosOfFirst, zerosOfSecond);
  return { u, ties };
}
