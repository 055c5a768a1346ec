import type { ArrayReader } from './zarr/arrays';
import type { Dim, Wish } from './embeddings';

const CELLUCID = 'uns/cellucid';
const DIMENSIONS: readonly Dim[] = [1, 2, 3];

/** The name of a store, or of its folder if the store has none. */
export async function nameOf(reader: ArrayReader): Promise<string> {
  const said = await Promise.all([reader.scalar(`${CELLUCID}/name`), reader.scalar('uns/title')]);
  return (
    said.find((name) => name !== null && name !== '') ?? (folderOf(reader.store.files.where) || 'AnnData')
  );
}

/** The last step of an address or of `the folder “a/b”`; empty where an address has none. */
function folderOf(where: string): string {
  const path = where.replace(/^https?:\/\/[^/]*/, '').replace(/[/”]+$/, '');
  const last = path.split(/[/“]/).at(-1) ?? '';
  return decoded(last).replace(/\.zarr(\.zip)?$/i, '');
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

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
