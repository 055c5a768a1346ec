import { MISSING, type Mask } from '../../filters/mask';
import { codesOf, eachMember, type Vector } from '../engine/vectors';

export interface CrossingInput {
  readonly by: Vector | null;
  readonly nBy: number;
  readonly of: Vector;
  readonly nOf: number;
  readonly nCells: number;
  readonly mask: Mask;
}

/** Shown cells by two groupings, `(nBy + 1, nOf + 1)`: the last row and column count cells of no group. */
export function crossingOf({ by, nBy, of, nOf, nCells, mask }: CrossingInput): Uint32Array {
  const counts = new Uint32Array((nBy + 1) * (nOf + 1));
  const { codes, missing } = codesOf(of, nCells);
  eachMember(by, nCells, mask, (cell, code) => {
    const part = codes[cell] === missing || codes[cell] >= nOf ? nOf : codes[cell];
    counts[(code === MISSING || code >= nBy ? nBy : code) * (nOf + 1) + part]++;
  });
  return counts;
}
