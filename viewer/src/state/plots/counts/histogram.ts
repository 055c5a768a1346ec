import { bisectRight } from 'd3-array';
import type { Numbers } from '../../../bytes/numbers';
import { MISSING, type Mask } from '../../filters/mask';
import { eachMember, type Vector } from '../engine/vectors';

export interface HistogramInput {
  readonly values: Numbers;
  readonly by: Vector | null;
  readonly nBy: number;
  readonly nBins: number;
  readonly mask: Mask;
}

/** Shown cells by value. */
export interface Histogram {
  /** One more than bins. The last bin includes its upper end. */
  readonly edges: Float64Array;
  /** `(nBy + 1, bins)`; the last row counts cells of no group. */
  readonly counts: Uint32Array;
  /** Shown cells without a value, and with an infinite one. */
  readonly nMissing: number;
  readonly nInfinite: number;
  /** The value of all cells that have one, if it is the same. */
  readonly single: number | null;
}

/** Counts finite values in bins of equal width between the lowest and the highest. */
export function histogramOf({ values, by, nBy, nBins, mask }: HistogramInput): Histogram {
  let [low, high, nMissing, nInfinite] = [Infinity, -Infinity, 0, 0];
  for (let cell = 0; cell < values.length; cell++) {
    const value = values[cell];
    if (mask && mask[cell] === 0) continue;
    if (value !== value) nMissing++;
    else if (!Number.isFinite(value)) nInfinite++;
    else {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const edges = edgesOf(low, high, nBins);
  const n = edges.length - 1;
  const counts = new Uint32Array((nBy + 1) * Math.max(0, n));
  eachMember(by, values.length, mask, (cell, code) => {
    const value = values[cell];
    if (!Number.isFinite(value)) return;
    const row = code === MISSING || code >= nBy ? nBy : code;
    counts[row * n + Math.min(n, bisectRight(edges, value, 1, n)) - 1]++;
  });
  return { edges, counts, nMissing, nInfinite, single: low === high ? low : null };
}

function edgesOf(low: number, high: number, nBins: number): Float64Array {
  if (low > high) return new Float64Array(0);
  // As in numpy.histogram.
  if (low === high) return Float64Array.of(low - 0.5, low + 0.5);
  return Float64Array.from({ length: nBins + 1 }, (_, at) =>
    at === nBins ? high : low + ((high - low) * at) / nBins,
  );
}
