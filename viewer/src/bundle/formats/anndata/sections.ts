import type { ArrayReader } from './zarr/arrays';

const ARRANGED = 'uns/arranged';
const OVERLAPPING = 'uns/overlapping_sections';

/** Sections that are laid out side by side: the array of obsm, and the column of obs that tells them apart. */
export interface LaidOut {
  readonly array: string;
  readonly column: string;
}

/** What our stores record in `uns/arranged`; null without it. Anything else there is ignored. */
export async function laidOutOf(reader: ArrayReader): Promise<LaidOut | null> {
  const text = (name: string) => reader.scalar(`${ARRANGED}/${name}`).catch(() => null);
  const [array, column] = await Promise.all([text('key'), text('column')]);
  return array === null || column === null ? null : { array, column };
}

/** The note about sections that lie on top of each other, and their column. */
export interface Overlap {
  readonly column: string;
  readonly note: string;
}

/** What our stores record in `uns/overlapping_sections`; null without it. */
export async function overlapOf(reader: ArrayReader): Promise<Overlap | null> {
  const text = (name: string) => reader.scalar(`${OVERLAPPING}/${name}`).catch(() => null);
  const [column, note] = await Promise.all([text('column'), text('note')]);
  return column && note ? { column, note } : null;
}
