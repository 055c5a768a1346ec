import type { Bundle } from '../../bundle/bundle';
import type { Categories } from '../colouring/categories';
import type { Filters } from '../filters/filters';
import type { Groups } from '../selection/groups';
import type { Selection } from '../selection/selection';
import type { Cells } from '../selection/sets';
import { inSlices } from '../selection/slices';
import { labelsOf } from '../texts/cell_value';
import { formatCount, formatCounted } from '../texts/format';
import { FIRST, SECOND, type Marks } from './gene_sums';
import type { Sizes } from './result';

/** Cells to compare: always only those that the filters show. */
export type Side =
  | { readonly is: 'selection' }
  /** All that are not on the other side. */
  | { readonly is: 'rest' }
  | { readonly is: 'group'; readonly name: string }
  | { readonly is: 'category'; readonly column: number; readonly code: number };
export type Sides = readonly [Side, Side];

/** Before anything is chosen. */
export const FIRST_SIDES: Sides = [{ is: 'selection' }, { is: 'rest' }];

/** Where sides take their cells from. */
export interface Sources {
  readonly bundle: Bundle;
  readonly categories: Categories;
  readonly filters: Filters;
  readonly selection: Selection;
  readonly groups: Groups;
}

type Named = Pick<Sources, 'bundle' | 'categories'>;

/** Each cell on its side. Cells on both sides are left out. */
export interface Marked {
  readonly marks: Marks;
  readonly sizes: Sizes;
  readonly nBoth: number;
  readonly nShown: number;
  /** Why the sides cannot be compared, as a sentence; null if they can. */
  readonly problem: string | null;
}

/** So that each side has a variance. */
export const FEWEST_CELLS = 2;

/** As the page shows it; a renamed category also has the data's name. */
export function sideName(side: Side, { bundle, categories }: Named): string {
  switch (side.is) {
    case 'selection':
      return 'the selection';
    case 'rest':
      return 'the rest';
    case 'group':
      return side.name;
    case 'category': {
      const info = bundle.columns[side.column];
      const label = labelsOf(info)[side.code] ?? String(side.code);
      const shown = categories.namesOf(side.column)[side.code] ?? label;
      return `${shown} (${info.name}${shown === label ? '' : `: ${label}`})`;
    }
  }
}

/** Marks the cells of two sides. */
export async function markSides(sides: Sides, sources: Sources): Promise<Marked> {
  const { nCells } = sources.bundle;
  const marks = new Uint8Array(nCells);
  for (const [at, side] of sides.entries()) await mark(marks, at === 0 ? FIRST : SECOND, side, sources);
  const rest = sides.findIndex(({ is }) => is === 'rest');
  const restMark = rest < 0 ? 0 : rest === 0 ? FIRST : SECOND;
  const mask = sources.filters.mask.peek();
  const counts = [0, 0, 0, 0];
  await inSlices(nCells, (from, to) => {
    for (let cell = from; cell < to; cell++) {
      let at = marks[cell] === 0 ? restMark : marks[cell];
      if (mask !== null && mask[cell] === 0) at = 0;
      counts[at]++;
      marks[cell] = at === FIRST + SECOND ? 0 : at;
    }
  });
  const sizes = [counts[FIRST], counts[SECOND]] as const;
  const nBoth = counts[FIRST + SECOND];
  const marked = { marks, sizes, nBoth, nShown: sources.filters.nShown.peek() };
  return { ...marked, problem: problemOf(sides, sizes, nBoth, sources) };
}

async function mark(marks: Marks, bit: number, side: Side, sources: Sources): Promise<void> {
  if (side.is === 'rest') return;
  if (side.is === 'category') {
    const values = await sources.filters.codes(side.column);
    if (!values) return;
    const { codes } = values;
    await inSlices(codes.length, (from, to) => {
      for (let cell = from; cell < to; cell++) if (codes[cell] === side.code) marks[cell] |= bit;
    });
    return;
  }
  const cells = cellsOf(side, sources);
  await inSlices(cells.length, (from, to) => {
    for (let at = from; at < to; at++) marks[cells[at]] |= bit;
  });
}

function cellsOf(side: Side, { selection, groups }: Sources): Cells {
  if (side.is === 'selection') return selection.cells.peek();
  const group = side.is === 'group' && groups.list.peek().find(({ name }) => name === side.name);
  return group ? group.cells : new Uint32Array(0);
}

function problemOf(sides: Sides, sizes: Sizes, nBoth: number, sources: Sources): string | null {
  if (sides.every(({ is }) => is === 'rest')) return 'Both sides are the rest: choose cells for one of them.';
  for (const side of sides)
    if (side.is === 'group' && !sources.groups.list.peek().some(({ name }) => name === side.name))
      return `There is no group “${side.name}”: choose other cells.`;
  if (sizes.every((size) => size >= FEWEST_CELLS)) return null;
  const [first, second] = sides.map((side) => sideName(side, sources));
  const both = nBoth > 0 ? ` without the ${formatCount(nBoth)} on both sides` : '';
  const filtered = sources.filters.mask.peek() ? ', or switch filters off' : '';
  return (
    `Each side must have at least ${FEWEST_CELLS} cells${both}: ${first} has ${formatCount(sizes[0])}, ` +
    `${second} has ${formatCount(sizes[1])}. Choose other cells${filtered}.`
  );
}

/** The numbers of cells on both sides, and what is left out, as a sentence. */
export function sizesText({ sizes, nBoth }: Pick<Marked, 'sizes' | 'nBoth'>): string {
  const both =
    nBoth > 0 ? ` ${formatCounted(nBoth, 'cell')} on both sides ${nBoth > 1 ? 'are' : 'is'} left out.` : '';
  return `${formatCounted(sizes[0], 'cell')} and ${formatCounted(sizes[1], 'cell')}.${both}`;
}
