import type { Bytes } from '../files';
import { RangedFile } from '../http/ranged';
import { Once } from '../shared';
import type { ZipReader } from './zip_entry';

/** The end is read once and cached: it has the list of files, and the metadata of a store. */
const TAIL_NBYTES = 512 * 2 ** 10;

/** A zip on a host, of which only the requested parts are read. */
export class HttpZip implements ZipReader {
  readonly #file: RangedFile;
  readonly #tail = new Once((signal) => this.#readTail(signal));

  constructor(url: URL) {
    this.#file = new RangedFile(url, url.pathname.split('/').at(-1) ?? '', new URL('.', url).href);
  }

  getLength(): Promise<number> {
    return this.#file.size();
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Bytes> {
    const { start, bytes } = await this.#tail.get(signal);
    if (offset >= start) return bytes.slice(offset - start, offset - start + length);
    return this.#file.read(offset, length, signal);
  }

  async #readTail(signal: AbortSignal) {
    const size = await this.#file.size(signal);
    const start = Math.max(0, size - TAIL_NBYTES);
    return { start, bytes: await this.#file.read(start, size - start, signal) };
  }
}
