import type { ArrayReader } from './arrays';
import type { Dim, Wish } from './embeddings';

const CELLUCID = 'uns/cellucid';
const DIMENSIONS: readonly Dim[] = [1, 2, 3];

/** What a store is called; its folder's name where it does not say. */
export async function nameOf(reader: ArrayReader): Promise<string> {
  const said = await Promise.all([reader.scalar(`${CELLUCID}/name`), reader.scalar('uns/title')]);
  const { where } = reader.store.files;
  const folder = where
    .replace(/[/”]+$/, '')
    .split(/[/“]/)
    .at(-1)
    ?.replace(/\.zarr(\.zip)?$/i, '');
  return said.find((name) => name !== null && name !== '') ?? (decoded(folder) || 'AnnData');
}

/** The embeddings that `uns/cellucid/defaults` names: by the array's key, or by that and columns. */
export async function wishesOf(reader: ArrayReader): Promise<Wish[]> {
  const { documents } = reader.store;
  const wishes = await Promise.all(
    DIMENSIONS.map(async (dims): Promise<Wish | null> => {
      const path = `${CELLUCID}/defaults/embedding${dims}d`;
      const isGroup = documents.kind(path) === 'group';
      const array = await reader.scalar(isGroup ? `${path}/key` : path);
      if (array === null) return null;
      const hasColumns = isGroup && documents.kind(`${path}/columns`) === 'array';
      const columns = hasColumns ? Array.from(await reader.numbers(`${path}/columns`, [dims])) : null;
      return { dims, array, columns };
    }),
  );
  return wishes.filter((wish) => wish !== null);
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text && decodeURIComponent(text);
  } catch {
    return text;
  }
}
