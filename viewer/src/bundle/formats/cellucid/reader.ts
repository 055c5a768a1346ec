import { packedAtMost } from '../../../bytes/bounded';
import { ByteCache } from '../../../bytes/cache';
import type { Files } from '../../../bytes/files';
import { inflate } from '../../../bytes/gzip';
import { readJson } from '../../../bytes/json';
import { byteLength, decodeNumbers, type Dtype, type Floats, type Numbers } from '../../../bytes/numbers';
import type { LoadOptions } from '../../bundle';
import { dequantise } from './quantised';

const CACHE_NBYTES = 768 * 2 ** 20;

/** Loads whole arrays once, one file each. The results are shared: do not write into them. */
export class ArrayReader {
  readonly #cache: ByteCache;

  constructor(
    readonly files: Files,
    cacheNbytes = CACHE_NBYTES,
  ) {
    this.#cache = new ByteCache(cacheNbytes);
  }

  numbers(path: string, dtype: Dtype, count: number, options: LoadOptions = {}): Promise<Numbers> {
    const load = (signal: AbortSignal) => this.#load(path, dtype, count, { ...options, signal });
    return this.#cache.get(path, load, options.signal);
  }

  async floats(path: string, count: number, options?: LoadOptions): Promise<Floats> {
    return (await this.numbers(path, 'float32', count, options)) as Floats;
  }

  /** Codes of 8 or 16 bits, decoded. Only the decoded values are cached. */
  quantised(
    path: string,
    dtype: 'uint8' | 'uint16',
    count: number,
    [minimum, maximum]: readonly [number, number],
    signal?: AbortSignal,
  ): Promise<Floats> {
    const load = async (shared: AbortSignal) =>
      dequantise(await this.#load(path, dtype, count, { signal: shared }), minimum, maximum);
    return this.#cache.get(path, load, signal);
  }

  json(path: string, signal?: AbortSignal): Promise<unknown> {
    return readJson(this.files, path, { signal });
  }

  async #load(
    path: string,
    dtype: Dtype,
    count: number,
    { onProgress, signal }: LoadOptions,
  ): Promise<Numbers> {
    const plain = byteLength(dtype, count);
    let seen = 0;
    // The size of the stored file is not known in advance; floats hardly shrink.
    const onBytes =
      onProgress && ((got: number) => onProgress(Math.min(1, (seen += got) / Math.max(1, plain))));
    const stored = await this.files.get(path, { most: packedAtMost(plain), onBytes, signal });
    return decodeNumbers(await inflate(stored, path, plain), dtype, count, path);
  }
}
