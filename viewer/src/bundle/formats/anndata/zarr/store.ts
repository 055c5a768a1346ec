import type { AbsolutePath, AsyncReadable, GetOptions, RangeQuery } from 'zarrita';
import { FileMissingError } from '../../../../bytes/errors';
import type { Bytes, Files } from '../../../../bytes/files';
import type { Documents } from './documents';

/**
 * A store for Zarr's reader: documents from memory, chunks from the files.
 *
 * A missing chunk holds the fill value only, by the rule of the format.
 */
export class ZarrStore implements AsyncReadable {
  constructor(
    readonly files: Files,
    readonly documents: Documents,
  ) {}

  get(key: AbsolutePath, options?: GetOptions): Promise<Bytes | undefined> {
    const path = key.slice(1);
    const document = this.documents.file(path);
    if (document !== null) return Promise.resolve(document);
    return this.#chunk(path, () => this.files.get(path, { signal: options?.signal }));
  }

  getRange(key: AbsolutePath, range: RangeQuery, options?: GetOptions): Promise<Bytes | undefined> {
    const path = key.slice(1);
    // The list at the end of a shard is short, and the library shares it: others may wait for it.
    const signal = 'suffixLength' in range ? undefined : options?.signal;
    return this.#chunk(path, () => this.files.range(path, range, { signal }));
  }

  async #chunk(path: string, read: () => Promise<Bytes>): Promise<Bytes | undefined> {
    try {
      const bytes = await read();
      // The reader uses the underlying buffer from its beginning.
      return bytes.byteOffset === 0 ? bytes : bytes.slice();
    } catch (error) {
      // A sparse matrix stores no fill values, so a missing chunk there is a lost one.
      if (error instanceof FileMissingError && !path.startsWith('X/data/')) return undefined;
      throw error;
    }
  }
}
