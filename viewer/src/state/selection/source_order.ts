import type { Bundle } from '../../bundle/bundle';
import type { Cells } from './sets';

/**
 * Some cells in the order of the source, which is that of all files with names or numbers of cells. A bundle of a tissue
 * with sections may store them in another one.
 */
export async function inSourceOrder({ tissue }: Pick<Bundle, 'tissue'>, cells: Cells): Promise<Cells> {
  const rows = await tissue?.sections?.rows();
  return rows ? sortedBy(rows, cells) : cells;
}

/**
 * The numbers of some cells among those of the bundle, counted in the order of the source, ascending: the rows of the
 * data from which all cells of the bundle were exported.
 */
export async function numbersInSource({ tissue }: Pick<Bundle, 'tissue'>, cells: Cells): Promise<Cells> {
  const rows = await tissue?.sections?.rows();
  if (!rows) return cells;
  const all = Uint32Array.from(rows).sort();
  const wanted = Uint32Array.from(cells, (cell) => rows[cell]).sort();
  let at = 0;
  return wanted.map((row) => {
    while (all[at] < row) at++;
    return at;
  });
}

/** Sorts the rows as plain numbers, and finds the cell of each: by comparing, many cells would take seconds. */
function sortedBy(rows: ArrayLike<number>, cells: Cells): Cells {
  const wanted = Uint32Array.from(cells, (cell) => rows[cell]).sort();
  const cellOf = new Uint32Array((wanted.at(-1) ?? -1) + 1);
  for (let at = 0; at < cells.length; at++) cellOf[rows[cells[at]]] = cells[at];
  return wanted.map((row) => cellOf[row]);
}
