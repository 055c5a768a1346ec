import type { Floats, Numbers } from '../../../bytes/numbers';
import type { Mask } from '../../filters/mask';
import { eachMember, type Vector } from '../engine/vectors';

export interface DotsInput {
  /** The values of each gene. */
  readonly genes: readonly Numbers[];
  readonly by: Vector | null;
  readonly nBy: number;
  readonly nCells: number;
  readonly mask: Mask;
}

/** Genes by groups of shown cells. */
export interface Dots {
  /** Shown cells of each group. */
  readonly nCells: Uint32Array;
  /** `(genes, nBy)`, of the cells with a value; NaN if there are none. */
  readonly means: Floats;
  /** Cells whose value is not 0. */
  readonly shares: Floats;
}

/** The mean, and the share of cells that are not 0, of each gene in each group of shown cells. */
export function dotsOf({ genes, by, nBy, nCells: nAll, mask }: DotsInput): Dots {
  const nCells = new Uint32Array(nBy);
  const [sums, counts, others] = [0, 1, 2].map(() => new Float64Array(genes.length * nBy));
  eachMember(by, nAll, mask, (cell, code) => {
    if (code < 0 || code >= nBy) return;
    nCells[code]++;
    for (let gene = 0, at = code; gene < genes.length; gene++, at += nBy) {
      const value = genes[gene][cell];
      if (Number.isNaN(value)) continue;
      counts[at]++;
      sums[at] += value;
      if (value !== 0) others[at]++;
    }
  });
  const divided = (all: Float64Array) => Float32Array.from(all, (each, at) => each / counts[at]);
  return { nCells, means: divided(sums), shares: divided(others) };
}
