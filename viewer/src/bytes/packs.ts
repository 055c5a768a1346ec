import { ByteCache } from './cache';
import { NoRangesError } from './errors';
import type { Bytes, Files } from './files';

/** Most bytes of packs that are kept whole, where a host sends nothing else. */
const MOST_WHOLE = 64 * 2 ** 20;

/** A file in which many small things lie one after another. */
export interface Pack {
  readonly path: string;
  readonly size_bytes: number;
}

/** Reads parts of packs by ranges; from a host that knows no ranges, packs as a whole. */
export class PackReader {
  readonly #whole = new ByteCache(MOST_WHOLE);
  #hasRanges = true;

  constructor(
    private readonly files: Files,
    /** Called once if the host knows no ranges. */
    private readonly onWhole?: () => void,
  ) {}

  async read(pack: Pack, offset: number, length: number, signal?: AbortSignal): Promise<Bytes> {
    if (this.#hasRanges) {
      try {
        return await this.files.range(pack.path, { offset, length }, { signal });
      } catch (error) {
        if (!(error instanceof NoRangesError)) throw error;
        if (this.#hasRanges) this.onWhole?.();
        this.#hasRanges = false;
      }
    }
    const load = (until: AbortSignal) => this.files.get(pack.path, { most: pack.size_bytes, signal: until });
    const bytes = await this.#whole.get(pack.path, load, signal);
    return bytes.subarray(offset, offset + length);
  }
}
