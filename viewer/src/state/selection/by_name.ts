import type { CellTexts } from '../../bundle/cells/cell_texts';
import { parseCsv } from '../texts/csv_rows';
import { inSlices } from './slices';
import type { Cells } from './sets';

/** Calls `visit` with the name of every cell, in the order in which they are stored; loads all names. */
export async function visitNames(
  ids: CellTexts,
  nCells: number,
  visit: (cell: number, name: string) => void,
): Promise<void> {
  const { texts, cells } = (await ids.stored?.()) ?? { texts: ids, cells: null };
  await inSlices(nCells, async (from, to) => {
    for (let at = from; at < to; at++) {
      // Names of the same block are in memory after the first: without waiting for each.
      const known = texts.known(at);
      const name = known === undefined ? await texts.get(at) : known;
      if (name !== null) visit(cells ? cells[at] : at, name);
    }
  });
}

export interface FoundNames {
  readonly cells: Cells;
  readonly nNames: number;
  /** Names that no cell has. */
  readonly missing: readonly string[];
}

/** The cells with some names. Several cells with one name are all found. */
export async function findNames(
  ids: CellTexts,
  nCells: number,
  names: ReadonlySet<string>,
): Promise<FoundNames> {
  const missing = new Set(names);
  const cells: number[] = [];
  await visitNames(ids, nCells, (cell, name) => {
    if (!names.has(name)) return;
    cells.push(cell);
    missing.delete(name);
  });
  return { cells: Uint32Array.from(cells).sort(), nNames: names.size, missing: [...missing] };
}

/** Names that were pasted: one per line, or with commas or tabs between them; in quotes if they hold one of these. */
export function pastedNames(text: string): Set<string> {
  const fields = text.split(/\r\n|\n|\r/).flatMap((line) => parseCsv(line.replaceAll('\t', ',')).flat());
  return new Set(fields.map((field) => field.trim()).filter((field) => field !== ''));
}

/** The names of some cells, empty for one without; loads these. */
export async function namesOf(ids: CellTexts, cells: Cells): Promise<string[]> {
  const names: string[] = [];
  await inSlices(cells.length, async (from, to) => {
    for (let at = from; at < to; at++) {
      const known = ids.known(cells[at]);
      names.push((known === undefined ? await ids.get(cells[at]) : known) ?? '');
    }
  });
  return names;
}
