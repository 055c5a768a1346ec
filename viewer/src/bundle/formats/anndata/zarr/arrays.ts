import * as zarr from 'zarrita';
import { ByteCache } from '../../../../bytes/cache';
import { ViewerError } from '../../../../bytes/errors';
import type { Floats, Numbers } from '../../../../bytes/numbers';
import type { LoadOptions, OnProgress } from '../../../bundle';
import { chooseCodecs } from './codecs';
import { explained } from './errors';
import type { ZarrStore } from './store';
import { toFloats, toNumbers, toTexts } from './values';

type ZarrArray = zarr.Array<zarr.DataType, ZarrStore>;
type ZarrChunk = zarr.Chunk<zarr.DataType>;

const CACHE_NBYTES = 768 * 2 ** 20;
const AT_ONCE = 6;
/** Rough size of one text in the cache. */
const TEXT_NBYTES = 48;

chooseCodecs();

/** Loads each array of a store once, whole or by chunks. The results are shared: do not write into them. */
export class ArrayReader {
  readonly #cache: ByteCache;
  readonly #opened = new Map<string, Promise<ZarrArray>>();

  constructor(
    readonly store: ZarrStore,
    cacheNbytes = CACHE_NBYTES,
  ) {
    this.#cache = new ByteCache(cacheNbytes);
  }

  /** All values, row by row, of an array with this shape. */
  numbers(
    path: string,
    shape: readonly number[],
    { onProgress, signal }: LoadOptions = {},
  ): Promise<Numbers> {
    const load = (shared: AbortSignal) =>
      this.#explained(path, async () => {
        const array = await this.#open(path, shape);
        if (shape.includes(0)) return emptyOf(array);
        checkWhole(array);
        const options = { createQueue: queueOf(array, onProgress), signal: shared };
        return toNumbers((await zarr.get(array, null, options)).data);
      });
    return this.#cache.get(`numbers ${path}`, load, signal);
  }

  /** All texts of an array with one axis. */
  async texts(path: string, count: number, signal?: AbortSignal): Promise<readonly string[]> {
    const load = (shared: AbortSignal) =>
      this.#explained(path, async () => {
        const array = await this.#open(path, [count]);
        if (count === 0) return { texts: [], byteLength: 0 };
        checkWhole(array);
        const { data } = await zarr.get(array, null, { signal: shared });
        return { texts: toTexts(data), byteLength: count * TEXT_NBYTES };
      });
    return (await this.#cache.get(`texts ${path}`, load, signal)).texts;
  }

  /** Some values of an array with one axis. Only their chunks are loaded, and cached. */
  slice(path: string, count: number, from: number, to: number, signal?: AbortSignal): Promise<Numbers> {
    return this.#explained(path, async () => {
      const array = this.#keepingChunks(await this.#open(path, [count]));
      if (from === to) return emptyOf(array);
      return toNumbers((await zarr.get(array, [zarr.slice(from, to)], { signal })).data);
    });
  }

  /** One column of an array with two axes; the chunks of its strip are cached. */
  strip(
    path: string,
    shape: readonly [number, number],
    column: number,
    signal?: AbortSignal,
  ): Promise<Floats> {
    return this.#explained(path, async () => {
      const array = this.#keepingChunks(await this.#open(path, shape));
      if (shape[0] === 0) return new Float32Array(0);
      return toFloats(toNumbers((await zarr.get(array, [null, column], { signal })).data));
    });
  }

  /** Some texts of an array with one axis. Only their chunks are loaded, and cached. */
  textSlice(
    path: string,
    count: number,
    from: number,
    to: number,
    signal?: AbortSignal,
  ): Promise<readonly string[]> {
    return this.#explained(path, async () => {
      const array = this.#keepingChunks(await this.#open(path, [count]));
      return toTexts((await zarr.get(array, [zarr.slice(from, to)], { signal })).data);
    });
  }

  /** A scalar text; null if there is none. */
  scalar(path: string, signal?: AbortSignal): Promise<string | null> {
    if (this.store.documents.kind(path) !== 'array') return Promise.resolve(null);
    return this.#explained(path, async () => {
      const value: unknown = await zarr.get(await this.#open(path, []), null, { signal });
      return typeof value === 'string' ? value : null;
    });
  }

  /** A scalar number; null if there is none. */
  scalarNumber(path: string): Promise<number | null> {
    if (this.store.documents.kind(path) !== 'array') return Promise.resolve(null);
    return this.#explained(path, async () => {
      const value: unknown = await zarr.get(await this.#open(path, []), null);
      return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null;
    });
  }

  /** A single yes or no, in any shape; null for other values. */
  scalarFlag(path: string, shape: readonly number[]): Promise<boolean | null> {
    return this.#explained(path, async () => {
      const found: unknown = await zarr.get(await this.#open(path, shape), null);
      return typeof found === 'boolean' ? found : null;
    });
  }

  #open(path: string, shape: readonly number[]): Promise<ZarrArray> {
    const found = this.store.documents.array(path).shape;
    if (found.join() !== shape.join()) {
      throw new ViewerError(
        `The array ${path} in ${this.store.files.where} must have the shape (${shape.join(', ')}), not (${found.join(', ')}).`,
        'The store is damaged, or a mixture of two: write it again.',
      );
    }
    let opened = this.#opened.get(path);
    if (!opened) this.#opened.set(path, (opened = this.#read(path)));
    return opened;
  }

  async #read(path: string): Promise<ZarrArray> {
    // The library treats the path as part of a URL, but names may hold any character.
    const escaped = `/${path.split('/').map(encodeURIComponent).join('/')}` as const;
    const open = this.store.documents.format === 2 ? zarr.open.v2 : zarr.open.v3;
    const array = await open(new zarr.Location(this.store, escaped), { kind: 'array' });
    return checkingLengths(array);
  }

  #keepingChunks(array: ZarrArray): ZarrArray {
    const getChunk: ZarrArray['getChunk'] = async (at, options) => {
      const load = async (signal: AbortSignal) => {
        const chunk = await array.getChunk(at, { ...options, signal });
        return { chunk, byteLength: nbytesOf(chunk) };
      };
      const key = `chunk ${array.path} ${at.join()}`;
      return (await this.#cache.get(key, load, options?.signal)).chunk;
    };
    return extended(array, getChunk);
  }

  #explained<T>(path: string, work: () => Promise<T>): Promise<T> {
    return explained(work, path, this.store);
  }
}

/** If a chunk were too short, the missing values would be zeros that look like data. */
function checkingLengths(array: ZarrArray): ZarrArray {
  return extended(array, async (at, options) => {
    const chunk = await array.getChunk(at, options);
    const wanted = chunk.shape.reduce((product, side) => product * side, 1);
    if (chunk.data.length === wanted) return chunk;
    throw new Error(`chunk ${at.join('.')} must hold ${wanted} values, not ${chunk.data.length}`);
  });
}

function extended(array: ZarrArray, getChunk: ZarrArray['getChunk']): ZarrArray {
  return zarr.defineArrayExtension(() => ({ getChunk }))(array);
}

/** Most values and chunks of an array that is read whole. */
const MOST_VALUES = 2 ** 28;
const MOST_CHUNKS = 2 ** 18;

/** Checks the declared shape before memory is allocated for it. */
function checkWhole({ shape, chunks }: ZarrArray): void {
  const count = shape.reduce((product, side) => product * side, 1);
  const nChunks = shape.reduce((product, side, axis) => product * Math.ceil(side / chunks[axis]), 1);
  if (count <= MOST_VALUES && nChunks <= MOST_CHUNKS) return;
  throw new Error(
    `it states ${count.toLocaleString('en')} values in ${nChunks.toLocaleString('en')} chunks, ` +
      'more than this page reads at once',
  );
}

/** The library cannot read an array without values, which has no chunks. */
function emptyOf({ dtype }: ZarrArray): Numbers {
  if (/^(string|v2:object|v2:[US]\d+)$/.test(dtype)) throw new Error('it must hold numbers, not text');
  return new Float64Array(0);
}

function nbytesOf({ data }: ZarrChunk): number {
  return Array.isArray(data) ? data.length * TEXT_NBYTES : (data as { byteLength: number }).byteLength;
}

/** Loads a few chunks at a time, and reports the loaded share. */
function queueOf({ shape, chunks }: ZarrArray, onProgress?: OnProgress): zarr.GetOptions['createQueue'] {
  const total = shape.reduce((product, side, axis) => product * Math.ceil(side / chunks[axis]), 1);
  return () => {
    const waiting: (() => Promise<void>)[] = [];
    let done = 0;
    const lane = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        await next();
        onProgress?.(++done / total);
      }
    };
    return {
      add: (load) => void waiting.push(load),
      onIdle: () => Promise.all(Array.from({ length: AT_ONCE }, lane)),
    };
  };
}
