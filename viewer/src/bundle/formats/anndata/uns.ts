import { readAbout, titleOf, type About } from '../../about/about';
import type { ArrayReader } from './zarr/arrays';
import type { Dim, DefaultEmbedding } from './embeddings';

const CELLUCID = 'uns/cellucid';
/** The keys of CELLxGENE and scverse as in the input, then those that this program adds to its stores. */
const ABOUT = {
  description: ['uns/description', `${CELLUCID}/description`],
  citation: ['uns/citation', `${CELLUCID}/citation/text`],
  license: ['uns/license'],
  doi: ['uns/doi'],
  organism: ['uns/organism'],
  name: [`${CELLUCID}/source/name`],
  url: [`${CELLUCID}/source/url`],
  version: ['uns/schema_version'],
  reference: ['uns/schema_reference'],
} as const;
const DIMENSIONS: readonly Dim[] = [1, 2, 3];

/** The name of a store, or of its folder if it has none; and the title. */
export async function namesOf(reader: ArrayReader): Promise<{ name: string; title: string }> {
  const [own, title] = await Promise.all([reader.scalar(`${CELLUCID}/name`), reader.scalar('uns/title')]);
  const name = own || title || folderOf(reader.store.files.where) || 'AnnData';
  return { name, title: titleOf(title, name) };
}

/** The description of the data in uns: single texts, a request for each. Anything but a text is ignored. */
export async function aboutOf(reader: ArrayReader): Promise<About> {
  const first = async (paths: readonly string[]) => {
    const texts = await Promise.all(paths.map((path) => reader.scalar(path).catch(() => null)));
    return texts.find((text) => text);
  };
  const keys = Object.keys(ABOUT) as (keyof typeof ABOUT)[];
  const texts = await Promise.all(keys.map((key) => first(ABOUT[key])));
  const fields = Object.fromEntries(keys.map((key, index) => [key, texts[index]]));
  const { name, url, version, reference } = fields;
  return readAbout({ ...fields, source: { name, url }, schema: { version, reference } });
}

/** The last step of an address, or of `the folder “a/b”`; empty for an address without steps. */
function folderOf(where: string): string {
  const path = where.replace(/^https?:\/\/[^/]*/, '').replace(/[/”]+$/, '');
  const last = path.split(/[/“]/).at(-1) ?? '';
  return decoded(last).replace(/\.zarr(\.zip)?$/i, '');
}

/** The embeddings in `uns/cellucid/defaults`, each by the array's key, or by the key and columns. */
export async function defaultsOf(reader: ArrayReader): Promise<DefaultEmbedding[]> {
  const { documents } = reader.store;
  const defaults = await Promise.all(
    DIMENSIONS.map(async (dims): Promise<DefaultEmbedding | null> => {
      const path = `${CELLUCID}/defaults/embedding${dims}d`;
      const isGroup = documents.kind(path) === 'group';
      const array = await reader.scalar(isGroup ? `${path}/key` : path);
      if (array === null) return null;
      const hasColumns = isGroup && documents.kind(`${path}/columns`) === 'array';
      const columns = hasColumns ? Array.from(await reader.numbers(`${path}/columns`, [dims])) : null;
      return { dims, array, columns };
    }),
  );
  return defaults.filter((each) => each !== null);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
