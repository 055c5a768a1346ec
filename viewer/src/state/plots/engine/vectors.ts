import type { ColumnValues } from '../../../bundle/bundle';
import type { Numbers } from '../../../bytes/numbers';
import { MISSING, type Codes, type Mask } from '../../filters/mask';
import type { Cells } from '../../selection/sets';

/** Groups of cells drawn by hand, which may share cells. */
export interface Lists {
  readonly kind: 'lists';
  readonly lists: readonly Cells[];
  /** Whether the cells of no list are a group of their own, the last. */
  readonly withRest: boolean;
}

/** Something known of all cells. */
export type Vector = ColumnValues | Lists;

export function numbersOf(vector: Vector | undefined): Numbers {
  if (vector?.kind === 'numbers') return vector.values;
  throw new TypeError(`a plot needs numbers, but has ${vector?.kind ?? 'nothing'}`);
}

/** Codes from 0 to `count` - 1 by cell. A cell of several lists has that of the last. */
export function codesOf(vector: Vector | undefined, nCells: number): Codes {
  if (vector?.kind === 'codes') return vector;
  if (vector?.kind !== 'lists')
    throw new TypeError(`a plot needs categories, but has ${vector?.kind ?? 'nothing'}`);
  const { lists, withRest } = vector;
  const codes = new Int32Array(nCells).fill(withRest ? lists.length : MISSING);
  lists.forEach((cells, code) => {
    for (let at = 0; at < cells.length; at++) codes[cells[at]] = code;
  });
  return { kind: 'codes', codes, missing: MISSING };
}

/** Visits each shown cell of each group; cells of no group have the code `MISSING`. Without groups, all have the code 0. */
export function eachMember(
  vector: Vector | null,
  nCells: number,
  mask: Mask,
  visit: (cell: number, code: number) => void,
): void {
  const isShown = (cell: number) => !mask || mask[cell] !== 0;
  if (!vector) {
    for (let cell = 0; cell < nCells; cell++) if (isShown(cell)) visit(cell, 0);
    return;
  }
  const { codes, missing } = codesOf(vector, nCells);
  const lists = vector.kind === 'lists' ? vector.lists : null;
  for (let cell = 0; cell < nCells; cell++) {
    const code = codes[cell] === missing ? MISSING : codes[cell];
    // Cells of lists are visited with their lists.
    if (isShown(cell) && !(lists && code >= 0 && code < lists.length)) visit(cell, code);
  }
  lists?.forEach((cells, code) => {
    for (let at = 0; at < cells.length; at++) if (isShown(cells[at])) visit(cells[at], code);
  });
}
