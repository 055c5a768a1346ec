/** Numbers of cells, ascending. Never changed once they are handed out, so that states can share them. */
export type Cells = Uint32Array<ArrayBuffer>;

export const NO_CELLS: Cells = new Uint32Array(0);

/** What newly chosen cells do to those that are selected. */
export const MODES = ['replace', 'add', 'subtract', 'intersect'] as const;
export type Mode = (typeof MODES)[number];

export function combine(mode: Mode, now: Cells, cells: Cells): Cells {
  switch (mode) {
    case 'replace':
      return cells;
    case 'add':
      return union(now, cells);
    case 'subtract':
      return subtract(now, cells);
    case 'intersect':
      return intersect(now, cells);
  }
}

/** Merges two ascending lists. */
export function union(one: Cells, other: Cells): Cells {
  if (one.length === 0) return other;
  if (other.length === 0) return one;
  return isDense(one, other) ? marked(one, other, UNION) : merged(one, other);
}

/** The cells of one list that are not in the other. */
export function subtract(one: Cells, other: Cells): Cells {
  return isDense(one, other) ? marked(one, other, ONLY_FIRST) : picked(one, other, false);
}

/** The cells of both lists. */
export function intersect(one: Cells, other: Cells): Cells {
  return isDense(one, other) ? marked(one, other, BOTH) : picked(one, other, true);
}

/** By mark, which is 1 for a cell of the first list, 2 for one of the second, and 3 for one of both: whether it is kept. */
type Keeps = readonly [0, 0 | 1, 0 | 1, 0 | 1];
const UNION: Keeps = [0, 1, 1, 1];
const ONLY_FIRST: Keeps = [0, 1, 0, 0];
const BOTH: Keeps = [0, 0, 0, 1];

/** Of lists with more than one of so many cells, marking all cells is faster than comparing the lists. */
const DENSE = 16;

function isDense(one: Cells, other: Cells): boolean {
  return (one.length + other.length) * DENSE > endOf(one, other);
}

function endOf(one: Cells, other: Cells): number {
  return Math.max(one.at(-1) ?? -1, other.at(-1) ?? -1) + 1;
}

function marked(one: Cells, other: Cells, keeps: Keeps): Cells {
  const marks = new Uint8Array(endOf(one, other));
  for (let at = 0; at < one.length; at++) marks[one[at]] = 1;
  for (let at = 0; at < other.length; at++) marks[other[at]] |= 2;
  // One more, since each cell is written before it is known whether it is kept: that is faster than a branch.
  const cells = new Uint32Array(marks.length + 1);
  const kept = Uint8Array.from(keeps);
  let length = 0;
  for (let cell = 0; cell < marks.length; cell++) {
    cells[length] = cell;
    length += kept[marks[cell]];
  }
  return cells.slice(0, length);
}

function merged(one: Cells, other: Cells): Cells {
  const all = new Uint32Array(one.length + other.length);
  let [first, second, length] = [0, 0, 0];
  while (first < one.length && second < other.length) {
    const [left, right] = [one[first], other[second]];
    all[length++] = left < right ? left : right;
    if (left <= right) first++;
    if (right <= left) second++;
  }
  for (; first < one.length; first++) all[length++] = one[first];
  for (; second < other.length; second++) all[length++] = other[second];
  return all.slice(0, length);
}

function picked(one: Cells, other: Cells, inOther: boolean): Cells {
  const kept = new Uint32Array(one.length);
  let [second, length] = [0, 0];
  for (let first = 0; first < one.length; first++) {
    const cell = one[first];
    while (second < other.length && other[second] < cell) second++;
    const isThere = second < other.length && other[second] === cell;
    if (isThere === inOther) kept[length++] = cell;
  }
  return kept.slice(0, length);
}

/** The cells for which a test is true, in ascending order. */
export function cellsWhere(nCells: number, isChosen: (cell: number) => boolean): Cells {
  const cells = new Uint32Array(nCells);
  let length = 0;
  for (let cell = 0; cell < nCells; cell++) if (isChosen(cell)) cells[length++] = cell;
  return cells.slice(0, length);
}
