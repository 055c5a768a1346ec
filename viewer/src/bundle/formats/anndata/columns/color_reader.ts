import type { ArrayReader } from '../zarr/arrays';
import { colorsOf } from './colors';

const TEXT = /^(\|O|string|[<>|][US]\d+)$/;
/** A dictionary has an array for each colour, and each costs a request. */
const MOST_IN_DICTIONARY = 256;

type Stored = readonly (string | readonly number[] | null)[];

/**
 * Reads `uns/<column>_colors` in every form that scanpy draws: texts (also as categories, and with a mask), rows of
 * numbers, a dictionary. Null if there are fewer colours than categories.
 */
export async function readColors(
  reader: ArrayReader,
  column: string,
  labels: readonly string[],
  signal?: AbortSignal,
): Promise<readonly string[] | null> {
  const { documents } = reader.store;
  const path = `uns/${documents.keyOf('uns', `${column}_colors`)}`;
  // Unreadable colours must not keep the data from being shown.
  const stored = await storedColors(reader, path, labels, signal).catch(() => null);
  signal?.throwIfAborted();
  return stored === null || stored.length < labels.length ? null : colorsOf(stored.slice(0, labels.length));
}

async function storedColors(
  reader: ArrayReader,
  path: string,
  labels: readonly string[],
  signal?: AbortSignal,
): Promise<Stored | null> {
  const { documents } = reader.store;
  if (documents.kind(path) === null) return null;
  const at = documents.texts(path);
  if (documents.kind(at) === 'array') return listed(reader, at, labels.length, signal);
  if (documents.kind(`${path}/codes`) === 'array') return coded(reader, path, labels.length, signal);
  return dictionary(reader, path, labels, signal);
}

async function listed(
  reader: ArrayReader,
  path: string,
  count: number,
  signal?: AbortSignal,
): Promise<Stored | null> {
  const { shape, dtype } = reader.store.documents.array(path);
  if (shape.length === 0 || shape[0] < count) return null;
  if (TEXT.test(dtype)) return shape.length === 1 ? reader.texts(path, shape[0], signal) : null;
  if (shape.length !== 2 || shape[1] > 4) return null;
  const values = Array.from(await reader.numbers(path, shape, { signal }));
  return Array.from({ length: shape[0] }, (_, row) => values.slice(row * shape[1], (row + 1) * shape[1]));
}

async function coded(
  reader: ArrayReader,
  path: string,
  count: number,
  signal?: AbortSignal,
): Promise<Stored | null> {
  const { documents } = reader.store;
  const { shape } = documents.array(`${path}/codes`);
  if (shape.length !== 1 || shape[0] < count) return null;
  const at = documents.texts(`${path}/categories`);
  const [codes, names] = await Promise.all([
    reader.numbers(`${path}/codes`, shape, { signal }),
    reader.texts(at, documents.array(at).shape[0], signal),
  ]);
  return Array.from(codes, (code) => names[code] ?? null);
}

/** A colour by category. */
async function dictionary(
  reader: ArrayReader,
  path: string,
  labels: readonly string[],
  signal?: AbortSignal,
): Promise<Stored | null> {
  if (labels.length > MOST_IN_DICTIONARY) return null;
  const { documents } = reader.store;
  return Promise.all(
    labels.map(async (label) => {
      const at = `${path}/${documents.keyOf(path, label)}`;
      if (documents.kind(at) !== 'array') return null;
      const { shape, dtype } = documents.array(at);
      if (TEXT.test(dtype)) return shape.length === 0 ? reader.scalar(at, signal) : null;
      return shape.length === 1 && shape[0] <= 4
        ? Array.from(await reader.numbers(at, shape, { signal }))
        : null;
    }),
  );
}
