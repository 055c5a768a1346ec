import { ByteCache } from '../../../../../bytes/cache';
import { ViewerError, FileMissingError } from '../../../../../bytes/errors';
import type { Bytes, Files } from '../../../../../bytes/files';
import { inflate } from '../../../../../bytes/gzip';
import { isAbort } from '../../../../../bytes/shared';

interface Pack {
  readonly path: string;
  readonly size_bytes: number;
}

/** Whole packs of hosts that know no ranges: no pack is larger than a file of the bundle may be. */
const KEPT_NBYTES = 64 * 2 ** 20;

/** Gzip members in packs, by ranges; from a host that knows none, of packs that are read whole. */
export class Packs {
  readonly #whole = new ByteCache(KEPT_NBYTES);
  #hasRanges = true;

  constructor(
    readonly files: Files,
    readonly packs: readonly Pack[],
  ) {}

  /** One member, inflated: `nBytes` are those in the pack, `plain` those of its content if they are known. */
  async member(
    pack: number,
    offset: number,
    nBytes: number,
    { plain, most, signal }: { plain?: number; most?: number; signal?: AbortSignal },
  ): Promise<Bytes> {
    const { path, size_bytes } = this.packs.at(pack) ?? refuse('a list of nodes', `pack ${pack}`);
    if (offset + nBytes > size_bytes) refuse(path, `${offset + nBytes} bytes`);
    const stored = await this.#read(path, size_bytes, offset, nBytes, signal);
    return inflate(stored, path, plain, most);
  }

  async #read(
    path: string,
    size: number,
    offset: number,
    length: number,
    signal?: AbortSignal,
  ): Promise<Bytes> {
    if (this.#hasRanges) {
      try {
        return await this.files.range(path, { offset, length }, { signal });
      } catch (error) {
        if (isAbort(error) || error instanceof FileMissingError) throw error;
        // Whatever the host says to a range, a whole file tells whether it can be read at all.
      }
    }
    const whole = await this.#whole.get(
      path,
      (each) => this.files.get(path, { most: size, signal: each }),
      signal,
    );
    this.#hasRanges = false;
    if (whole.length !== size) refuse(path, `${size} bytes, not ${whole.length}`);
    return whole.slice(offset, offset + length);
  }
}

/** Throws: something is not in the bundle that must be. */
function refuse(path: string, what: string): never {
  throw new ViewerError(
    `The file ${path} must have ${what}.`,
    'The bundle is a mixture of two exports, or damaged: export it again.',
  );
}
