import type { AbsolutePath, AsyncReadable, RangeQuery } from 'zarrita';
import { FileMissingError } from '../../../../bytes/errors';
import type { Bytes, Files } from '../../../../bytes/files';
import type { Documents } from './documents';

/**
 * A store as Zarr's reader wants it: documents from memory, chunks from wherever the files lie.
 *
 * A chunk that is not there holds the fill value only; that is the format's rule.
 */
export class ZarrStore implements AsyncReadable {
  constructor(
    readonly files: Files,
    readonly documents: Documents,
  ) {}

  get(key: AbsolutePath): Promise<Bytes | undefined> {
    const path = key.slice(1);
    const document = this.documents.file(path);
    if (document !== null) return Promise.resolve(document);
    return this.#chunk(path, () => this.files.get(path));
  }

  getRange(key: AbsolutePath, range: RangeQuery): Promise<Bytes | undefined> {
    const path = key.slice(1);
    return this.#chunk(path, () => this.files.range(path, range));
  }

  async #chunk(path: string, read: () => Promise<Bytes>): Promise<Bytes | undefined> {
    try {
      const bytes = await read();
      // The reader looks at the buffer from its beginning.
      return bytes.byteOffset === 0 ? bytes : bytes.slice();
    } catch (error) {
      // No value of a sparse matrix is the fill value, so that what is missing there was lost.
      if (error instanceof FileMissingError && !path.startsWith('X/data/')) return undefined;
      throw error;
    }
  }
}
