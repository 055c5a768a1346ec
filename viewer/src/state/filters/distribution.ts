import type { Numbers } from '../../bytes/numbers';
import type { Mask } from './mask';

/** Bars of a histogram. */
export const N_BARS = 48;

/** Numbers to filter by, and what is known of them for all cells. */
export interface Measured {
  readonly values: Numbers;
  /** Over finite values; null if there are none. */
  readonly extent: readonly [number, number] | null;
  readonly nMissing: number;
  /** Of a gene without values below zero, the least value above zero; null if zero is a value like any other. */
  readonly leastAbove: number | null;
}

/** How the numbers of some cells are distributed. */
export interface Distribution {
  /** Counts of finite values in equal steps of the extent, without zeros that have a share of their own. */
  readonly bars: Uint32Array;
  readonly nMissing: number;
  readonly nZero: number;
  readonly nCells: number;
}

export function measure(values: Numbers, isGene: boolean): Measured {
  let [low, high, least, nMissing, isNegative] = [Infinity, -Infinity, Infinity, 0, false];
  for (let cell = 0; cell < values.length; cell++) {
    const value = values[cell];
    if (value !== value) nMissing++;
    if (value < low && value !== -Infinity) low = value;
    if (value > high && value !== Infinity) high = value;
    if (value === -Infinity) isNegative = true;
    if (isGene && value < least && value > 0) least = value;
  }
  const hasZeros = isGene && !isNegative && low >= 0 && Number.isFinite(least);
  return {
    values,
    extent: low <= high ? [low, high] : null,
    nMissing,
    leastAbove: hasZeros ? least : null,
  };
}

/** Counts the cells that a mask shows; null shows all. */
export function distribute({ values, extent, leastAbove }: Measured, mask: Mask): Distribution {
  const bars = new Uint32Array(N_BARS);
  const [low, high] = extent ?? [0, 0];
  const perUnit = high > low ? N_BARS / (high - low) : 0;
  const zerosApart = leastAbove !== null;
  let [nMissing, nZero, nCells] = [0, 0, 0];
  for (let cell = 0; cell < values.length; cell++) {
    if (mask && mask[cell] === 0) continue;
    nCells++;
    const value = values[cell];
    if (Number.isNaN(value)) nMissing++;
    else if (zerosApart && value === 0) nZero++;
    else if (Number.isFinite(value)) bars[Math.min(N_BARS - 1, Math.floor((value - low) * perUnit))]++;
  }
  return { bars, nMissing, nZero, nCells };
}
