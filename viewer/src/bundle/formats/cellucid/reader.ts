import { packedAtMost } from '../../../bytes/bounded';
import { ByteCache } from '../../../bytes/cache';
import type { Files } from '../../../bytes/files';
import { inflate } from '../../../bytes/gzip';
import { readJson } from '../../../bytes/json';
import { byteLength, decodeNumbers, type Dtype, type Floats, type Numbers } from '../../../bytes/numbers';
import type { OnProgress } from '../../bundle';
import { dequantise } from './quantised';

const CACHE_NBYTES = 768 * 2 ** 20;

/** Loads whole arrays once, one file each. The results are shared: do not write into them. */
export class ArrayReader {
  readonly #cache = new ByteCache(CACHE_NBYTES);

  constructor(readonly files: Files) {}

  numbers(path: string, dtype: Dtype, count: number, onProgress?: OnProgress): Promise<Numbers> {
    return this.#cache.get(path, () => this.#load(path, dtype, count, onProgress));
  }

  async floats(path: string, count: number, onProgress?: OnProgress): Promise<Floats> {
    return (await this.numbers(path, 'float32', count, onProgress)) as Floats;
  }

  /** Codes of 8 or 16 bits, decoded. Only the decoded values are cached. */
  quantised(
    path: string,
    dtype: 'uint8' | 'uint16',
    count: number,
    [minimum, maximum]: readonly [number, number],
  ): Promise<Floats> {
    return this.#cache.get(path, async () =>
      dequantise(await this.#load(path, dtype, count), minimum, maximum),
    );
  }

  json(path: string): Promise<unknown> {
    return readJson(this.files, path);
  }

  async #load(path: string, dtype: Dtype, count: number, onProgress?: OnProgress): Promise<Numbers> {
    const plain = byteLength(dtype, count);
    let seen = 0;
    // The size of the stored file is not known in advance; floats hardly shrink.
    const onBytes =
      onProgress && ((got: number) => onProgress(Math.min(1, (seen += got) / Math.max(1, plain))));
    const stored = await this.files.get(path, { most: packedAtMost(plain), onBytes });
    return decodeNumbers(await inflate(stored, path, plain), dtype, count, path);
  }
}
