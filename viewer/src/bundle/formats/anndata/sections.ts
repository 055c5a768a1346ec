import type { ArrayReader } from './zarr/arrays';

const ARRANGED = 'uns/arranged';

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
