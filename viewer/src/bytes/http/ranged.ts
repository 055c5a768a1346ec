import { ask, readBody } from './ask';
import { MOST_NBYTES, tooLarge } from '../bounded';
import { NoRangesError, ViewerError } from '../errors';
import type { Bytes } from '../files';
import { Once } from '../shared';

/** One file on a host, read in parts. */
export class RangedFile {
  readonly #size = new Once((signal) => this.#askSize(signal));

  /** `path` and `where` name the file in messages. */
  constructor(
    readonly url: URL,
    readonly path: string,
    readonly where: string,
  ) {}

  /** Size of the whole file in bytes. */
  size(signal?: AbortSignal): Promise<number> {
    return this.#size.get(signal);
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Bytes> {
    if (length === 0) return new Uint8Array(0);
    if (length > MOST_NBYTES) throw tooLarge(this.path, MOST_NBYTES);
    const bytes = await this.#part(`bytes=${offset}-${offset + length - 1}`, length, signal);
    if (bytes.length === length) return bytes;
    throw new ViewerError(
      `${this.url.href} ended after ${bytes.length.toLocaleString('en')} of the ` +
        `${length.toLocaleString('en')} bytes from ${offset.toLocaleString('en')} on.`,
      'The file is incomplete, or was replaced after it was opened: reload the page, or copy the file again.',
    );
  }

  async last(length: number, signal?: AbortSignal): Promise<Bytes> {
    // A range from the end needs a preflight request to other hosts, which few hosts
    // allow, and Azure does not support it. If the size is known, an ordinary range does the same.
    const page = (globalThis as { location?: { origin: string } }).location;
    if (page?.origin === this.url.origin) return this.#part(`bytes=-${length}`, length, signal);
    const size = await this.size(signal);
    const whole = Math.min(size, length);
    return this.read(size - whole, whole, signal);
  }

  async #part(range: string, length: number, signal?: AbortSignal): Promise<Bytes> {
    const response = await ask(this.url, this.path, this.where, { headers: { Range: range }, signal });
    if (response.status !== 206) {
      await response.body?.cancel();
      throw new NoRangesError(
        `${this.url.host} sends all of ${this.url.href}, although the page asked for a part.`,
        'Use a host that supports byte ranges, as object stores and most web servers do; or download the file and drop it on this page.',
      );
    }
    return readBody(response, this.path, length, { signal });
  }

  async #askSize(signal: AbortSignal): Promise<number> {
    const response = await ask(this.url, this.path, this.where, { method: 'HEAD', signal });
    const size = Number(response.headers.get('Content-Length') ?? NaN);
    if (Number.isSafeInteger(size)) return size;
    throw new ViewerError(
      `${this.url.host} does not state the size of ${this.url.href}.`,
      'Let it send Content-Length and no Content-Encoding; or download the file and drop it on this page.',
    );
  }
}
