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

/** The cells of one list that are not in the other. */
export function subtract(one: Cells, other: Cells): Cells {
  return pick(one, other, false);
}

/** The cells of both lists. */
export function intersect(one: Cells, other: Cells): Cells {
  return pick(one, other, true);
}

function pick(one: Cells, other: Cells, inOther: boolean): Cells {
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
