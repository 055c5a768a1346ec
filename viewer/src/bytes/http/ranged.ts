import { ask } from './ask';
import { MOST_NBYTES, readAtMost, tooLarge } from '../bounded';
import { ViewerError } from '../errors';
import type { Bytes } from '../files';

/** One file on a host, read in parts. */
export class RangedFile {
  #size: Promise<number> | null = null;

  /** `path` and `where` name the file in messages. */
  constructor(
    readonly url: URL,
    readonly path: string,
    readonly where: string,
  ) {}

  /** Size of the whole file in bytes. */
  size(): Promise<number> {
    this.#size ??= this.#askSize();
    this.#size.catch(() => (this.#size = null));
    return this.#size;
  }

  async read(offset: number, length: number): Promise<Bytes> {
    if (length === 0) return new Uint8Array(0);
    if (length > MOST_NBYTES) throw tooLarge(this.path, MOST_NBYTES);
    const bytes = await this.#part(`bytes=${offset}-${offset + length - 1}`, length);
    if (bytes.length === length) return bytes;
    throw new ViewerError(
      `${this.url.href} ended after ${bytes.length.toLocaleString('en')} of the ` +
        `${length.toLocaleString('en')} bytes from ${offset.toLocaleString('en')} on.`,
      'The file is incomplete, or was replaced after it was opened: reload the page, or copy the file again.',
    );
  }

  async last(length: number): Promise<Bytes> {
    // A range from the end needs a preflight request to other hosts, which few hosts
    // allow, and Azure does not support it. If the size is known, an ordinary range does the same.
    const page = (globalThis as { location?: { origin: string } }).location;
    if (page?.origin === this.url.origin) return this.#part(`bytes=-${length}`, length);
    const size = await this.size();
    const whole = Math.min(size, length);
    return this.read(size - whole, whole);
  }

  async #part(range: string, length: number): Promise<Bytes> {
    const response = await ask(this.url, this.path, this.where, { headers: { Range: range } });
    if (response.status !== 206) {
      await response.body?.cancel();
      throw new ViewerError(
        `${this.url.host} sends all of ${this.url.href}, although the page asked for a part.`,
        'Use a host that supports byte ranges, as object stores and most web servers do; or download the file and drop it on this page.',
      );
    }
    let bytes: Bytes | null = new Uint8Array(0);
    try {
      if (response.body) bytes = await readAtMost(response.body, length);
    } catch (cause) {
      throw new ViewerError(
        `The connection broke while ${this.path} was being read.`,
        'Reload the page to try again.',
        { cause },
      );
    }
    if (bytes === null) throw tooLarge(this.path, length);
    return bytes;
  }

  async #askSize(): Promise<number> {
    const response = await ask(this.url, this.path, this.where, { method: 'HEAD' });
    const size = Number(response.headers.get('Content-Length') ?? NaN);
    if (Number.isSafeInteger(size)) return size;
    throw new ViewerError(
      `${this.url.host} does not state the size of ${this.url.href}.`,
      'Let it send Content-Length and no Content-Encoding; or download the file and drop it on this page.',
    );
  }
}
