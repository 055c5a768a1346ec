import type { Bundle } from '../../bundle/bundle';
import type { Cells } from './sets';

type Ordered = Pick<Bundle, 'tissue' | 'order'>;

/**
 * Some cells in the order of the source, which is that of all files with names or numbers of cells. A bundle may store
 * them in another one: that of the sections of a tissue, or one that has all of the picture in its first cells.
 */
export async function inSourceOrder(bundle: Ordered, cells: Cells): Promise<Cells> {
  const rows = await rowsOf(bundle);
  return rows ? sortedBy(rows, cells) : cells;
}

/**
 * The numbers of some cells among those of the bundle, counted in the order of the source, ascending: the rows of the
 * data from which all cells of the bundle were exported.
 */
export async function numbersInSource(bundle: Ordered, cells: Cells): Promise<Cells> {
  const rows = await rowsOf(bundle);
  if (!rows) return cells;
  if (bundle.order) return inSource(rows, cells);
  const all = Uint32Array.from(rows).sort();
  const wanted = inSource(rows, cells);
  let at = 0;
  return wanted.map((row) => {
    while (all[at] < row) at++;
    return at;
  });
}

/** The rows of some cells, ascending. */
export function inSource(rows: ArrayLike<number>, cells: Cells): Cells {
  return Uint32Array.from(cells, (cell) => rows[cell]).sort();
}

async function rowsOf({ tissue, order }: Ordered): Promise<ArrayLike<number> | null | undefined> {
  return order ? order.rows() : tissue?.sections?.rows();
}

/** Sorts the rows as plain numbers, and finds the cell of each: by comparing, many cells would take seconds. */
function sortedBy(rows: ArrayLike<number>, cells: Cells): Cells {
  const wanted = inSource(rows, cells);
  const cellOf = new Uint32Array((wanted.at(-1) ?? -1) + 1);
  for (let at = 0; at < cells.length; at++) cellOf[rows[cells[at]]] = cells[at];
  return wanted.map((row) => cellOf[row]);
}
