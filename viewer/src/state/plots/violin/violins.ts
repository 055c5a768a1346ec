import { bisectLeft, bisectRight } from 'd3-array';
import { MISSING, type Mask } from '../../filters/mask';
import { codesOf, eachMember, type Vector } from '../engine/vectors';
import type { Numbers } from '../../../bytes/numbers';
import type { Cells } from '../../selection/sets';
import { onAxis } from '../log_axis';
import { boxOf, type Box } from './box';
import { densityOf, moments, type Density } from './density';

/** Most violins: nobody compares more. */
export const MOST_VIOLINS = 240;
/** Most points of one violin, and of all. */
const MOST_POINTS = 500;
const MOST_POINTS_IN_ALL = 12_000;
/** Most outliers on each side of a box. */
const MOST_OUTLIERS = 50;

export interface ViolinOptions {
  readonly nBy: number;
  readonly nSplit: number;
  readonly withZeros: boolean;
  /** Whether densities are those of `log1p` of the values. */
  readonly isLog: boolean;
}

export interface ViolinInput extends ViolinOptions {
  readonly values: Numbers;
  /** Null: all cells together. */
  readonly by: Vector | null;
  readonly split: Vector | null;
  readonly mask: Mask;
}

/** The values of one group of cells. */
export interface Violin {
  readonly by: number;
  readonly split: number;
  /** Shown cells of the group. */
  readonly nCells: number;
  /** Those that are not drawn, since they have no value, or an infinite one. */
  readonly nMissing: number;
  readonly nInfinite: number;
  readonly nZero: number;
  /** Cells that are drawn; the numbers below are theirs. */
  readonly n: number;
  readonly mean: number;
  readonly deviation: number;
  readonly box: Box | null;
  readonly density: Density | null;
  /** Values of some cells, spread over all of them. */
  readonly points: Float64Array<ArrayBuffer>;
  readonly outliers: Float64Array<ArrayBuffer>;
}

export interface Violins {
  /** Groups with shown cells, by category and then by split. */
  readonly all: readonly Violin[];
  /** Shown cells without a category. */
  readonly nOutside: number;
  /** Categories with shown cells, of which the largest are in `all`. */
  readonly nCategories: number;
}

/** Most points of each of some violins. */
export function mostPoints(nViolins: number): number {
  return Math.min(MOST_POINTS, Math.floor(MOST_POINTS_IN_ALL / Math.max(1, nViolins)));
}

/** Cells by group. */
interface Counts {
  readonly cells: Uint32Array;
  readonly drawn: Uint32Array;
}

export function violinsOf(input: ViolinInput): Violins {
  const { values, withZeros, nBy, nSplit, isLog } = input;
  const counts: Counts = { cells: new Uint32Array(nBy * nSplit), drawn: new Uint32Array(nBy * nSplit) };
  const [missing, infinite, zero] = [0, 1, 2].map(() => new Uint32Array(nBy * nSplit));
  let nOutside = 0;
  eachInGroup(input, (cell, group) => {
    if (group === MISSING) {
      nOutside++;
      return;
    }
    const value = values[cell];
    counts.cells[group]++;
    if (value !== value) missing[group]++;
    else if (value === Infinity || value === -Infinity) infinite[group]++;
    else {
      if (value === 0) zero[group]++;
      if (withZeros || value !== 0) counts.drawn[group]++;
    }
  });
  const { kept, nCategories } = largest(counts.cells, nBy, nSplit);
  const sorted = sortedValues(input, counts, kept);
  const nPoints = mostPoints(sorted.size);
  const all = [...sorted].map(([group, own]): Violin => {
    const placed = isLog ? Float64Array.from(own, (value) => onAxis(value, true)) : own;
    const { mean, deviation } = moments(own);
    const box = boxOf(own);
    return {
      by: Math.floor(group / nSplit),
      split: group % nSplit,
      nCells: counts.cells[group],
      nMissing: missing[group],
      nInfinite: infinite[group],
      nZero: zero[group],
      n: own.length,
      mean,
      deviation,
      box,
      density: densityOf(placed),
      points: spread(own, nPoints),
      outliers: outliersOf(own, box),
    };
  });
  return { all, nOutside, nCategories };
}

/** The drawn cells of one violin, in ascending order. */
export function cellsOfViolin(input: ViolinInput, by: number, split: number): Cells {
  const { values, withZeros, nSplit } = input;
  const cells: number[] = [];
  eachInGroup(input, (cell, group) => {
    if (group !== by * nSplit + split) return;
    if (Number.isFinite(values[cell]) && (withZeros || values[cell] !== 0)) cells.push(cell);
  });
  return Uint32Array.from(cells);
}

function eachInGroup(
  { values, by, split, mask, nBy, nSplit }: ViolinInput,
  visit: (cell: number, group: number) => void,
): void {
  const splits = split && codesOf(split, values.length);
  eachMember(by, values.length, mask, (cell, code) => {
    const part = splits ? splits.codes[cell] : 0;
    const isKnown = code >= 0 && code < nBy && part !== splits?.missing && part >= 0 && part < nSplit;
    visit(cell, isKnown ? code * nSplit + part : MISSING);
  });
}

/** The categories with the most cells, as many as can be drawn. */
function largest(counts: Uint32Array, nBy: number, nSplit: number) {
  const totals = Array.from({ length: nBy }, (_, by) =>
    counts.subarray(by * nSplit, (by + 1) * nSplit).reduce((sum, count) => sum + count, 0),
  );
  const present = [...totals.keys()].filter((by) => totals[by] > 0);
  const bySize = present.toSorted((one, other) => totals[other] - totals[one]);
  const most = Math.max(1, Math.floor(MOST_VIOLINS / nSplit));
  return { kept: new Set(bySize.slice(0, most)), nCategories: present.length };
}

/** The drawn values of each group of some categories, ascending. */
function sortedValues(input: ViolinInput, { cells, drawn }: Counts, kept: ReadonlySet<number>) {
  const { values, withZeros, nSplit } = input;
  // Values of four bytes are sorted faster.
  const make = (length: number) =>
    values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
  const groups: ((Float32Array | Float64Array) | null)[] = Array.from(drawn, (count, group) =>
    kept.has(Math.floor(group / nSplit)) ? make(count) : null,
  );
  const next = new Uint32Array(drawn.length);
  eachInGroup(input, (cell, group) => {
    const own = group === MISSING ? null : groups[group];
    const value = values[cell];
    // Minus zero becomes zero.
    if (own && Number.isFinite(value) && (withZeros || value !== 0)) own[next[group]++] = value + 0;
  });
  const sorted = new Map<number, Float32Array | Float64Array>();
  groups.forEach((own, group) => own && cells[group] > 0 && sorted.set(group, own.sort()));
  return sorted;
}

/** Some values at equal steps of their ranks. */
function spread(sorted: ArrayLike<number>, most: number): Float64Array<ArrayBuffer> {
  const length = Math.min(most, sorted.length);
  const step = sorted.length / Math.max(1, length);
  return Float64Array.from({ length }, (_, at) => sorted[Math.floor((at + 0.5) * step)]);
}

/** Some values beyond the whiskers, the farthest included. */
function outliersOf(sorted: Float32Array | Float64Array, box: Box | null): Float64Array<ArrayBuffer> {
  if (!box) return new Float64Array(0);
  const [low, high] = box.whiskers;
  const below = sorted.subarray(0, bisectLeft(sorted, low));
  const above = sorted.subarray(bisectRight(sorted, high));
  const ends = [...below.subarray(0, 1), ...above.subarray(above.length - 1)];
  return Float64Array.from([...spread(below, MOST_OUTLIERS), ...spread(above, MOST_OUTLIERS), ...ends]);
}
