import { MOST_NBYTES, packedAtMost } from '../../../../bytes/bounded';
import { ByteCache } from '../../../../bytes/cache';
import { ViewerError } from '../../../../bytes/errors';
import type { Bytes, Files, GetOptions } from '../../../../bytes/files';
import { inflate } from '../../../../bytes/gzip';
import { allocate, byteLength, decodeNumbers, type Dtype, type Numbers } from '../../../../bytes/numbers';
import { mapParallel } from '../../../../bytes/parallel';
import type { LoadOptions, OnProgress } from '../../../bundle';
import { BlockTexts, type CellTexts } from '../../../cells/cell_texts';
import type { Part } from './schema';

type Reading = Pick<GetOptions, 'onBytes' | 'signal'>;

const CACHE_NBYTES = 768 * 2 ** 20;

/** An array of the atlas, cut into parts. */
export interface PartedArray {
  readonly parts: readonly Part[];
  readonly dtype: Dtype;
  /** Values per cell. */
  readonly width: number;
  /** The rows that `start` and `end` count, if these are not cells. */
  readonly rows?: { readonly count: number; readonly of: string };
}

/** Loads each part once, checks its length, and joins them. */
export class PartReader {
  readonly #cache: ByteCache;

  constructor(
    readonly files: Files,
    readonly nCells: number,
    cacheNbytes = CACHE_NBYTES,
  ) {
    this.#cache = new ByteCache(cacheNbytes);
  }

  /** The inflated bytes of one part; `plain` is their number, if known. */
  bytes({ path }: Pick<Part, 'path'>, plain?: number, { onBytes, signal }: Reading = {}): Promise<Bytes> {
    const load = (shared: AbortSignal) => this.#stored(path, plain, { onBytes, signal: shared });
    return this.#cache.get(`part ${path}`, load, signal);
  }

  async #stored(path: string, plain: number | undefined, reading: Reading): Promise<Bytes> {
    return inflate(await this.files.get(path, { most: mostOf(plain), ...reading }), path, plain);
  }

  /** All cells of an array. The result is shared: do not write into it. */
  async whole(
    { parts, dtype, width, rows }: PartedArray,
    { onProgress, signal }: LoadOptions = {},
  ): Promise<Numbers> {
    const { count: nRows, of } = rows ?? { count: this.nCells, of: 'cell' };
    checkContiguous(parts, nRows, of);
    if (parts.length === 0) return allocate(dtype, 0);
    const onBytes = progressOf(parts, onProgress);
    if (parts.length === 1) return this.numbers(parts[0], dtype, width, { onBytes, signal });
    const load = async (shared: AbortSignal) => {
      const all = allocate(dtype, nRows * width);
      await mapParallel(parts, async (part) => {
        // The cache holds the joined array.
        all.set(await this.passing(part, dtype, width, { onBytes, signal: shared }), part.start * width);
      });
      return all;
    };
    return this.#cache.get(`whole ${parts[0]?.path}`, load, signal);
  }

  /** The numbers of one part, which are not kept. */
  async passing(part: Part, dtype: Dtype, width: number, reading: Reading = {}) {
    const count = (part.end - part.start) * width;
    const bytes = await this.#stored(part.path, byteLength(dtype, count), reading);
    return decodeNumbers(bytes, dtype, count, part.path);
  }

  /** Texts of the cells; those of one part are loaded together. */
  texts(parts: readonly Part[]): CellTexts {
    return new BlockTexts((cell) => {
      const part = parts.find(({ start, end }) => start <= cell && cell < end);
      if (!part) {
        const broken = brokenParts(`no part holds cell ${cell}`);
        return { key: -1, nbytes: null, load: () => Promise.reject(broken) };
      }
      const load = async (signal: AbortSignal) => {
        const bytes = await this.bytes(part, undefined, { signal });
        checkTexts(bytes, part);
        return (at: number) => readText(bytes, part, at - part.start);
      };
      return { key: part.start, nbytes: part.size_bytes, load };
    });
  }

  /** The numbers of one part. The result is shared: do not write into it. */
  async numbers(part: Part, dtype: Dtype, width: number, reading?: Reading) {
    const count = (part.end - part.start) * width;
    const bytes = await this.bytes(part, byteLength(dtype, count), reading);
    return decodeNumbers(bytes, dtype, count, part.path);
  }
}

function mostOf(plain?: number): number {
  return plain === undefined ? MOST_NBYTES : packedAtMost(plain);
}

/** Parts must follow each other, and hold all rows. */
export function checkContiguous(parts: readonly Part[], nRows: number, of: string): void {
  let end = 0;
  for (const part of parts) {
    if (part.start !== end || part.end < part.start)
      throw brokenParts(`${part.path} does not begin at ${of} ${end}`);
    end = part.end;
  }
  if (end !== nRows) throw brokenParts(`the parts end at ${of} ${end} of ${nRows}`);
}

export function brokenParts(what: string): ViewerError {
  return new ViewerError(`atlas.json is inconsistent: ${what}.`, 'Export the bundle again.');
}

function progressOf(parts: readonly Part[], onProgress?: OnProgress) {
  if (!onProgress) return undefined;
  const total = parts.reduce((sum, part) => sum + part.size_bytes, 0);
  let seen = 0;
  return (count: number) => onProgress(Math.min(1, (seen += count) / Math.max(1, total)));
}

function checkTexts(bytes: Bytes, part: Part): void {
  const head = (part.end - part.start + 1) * 4;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength >= head && head + view.getUint32(head - 4, true) === bytes.byteLength) return;
  throw new ViewerError(
    `The file ${part.path} does not hold ${part.end - part.start} strings.`,
    'The bundle is a mixture of two exports, or incomplete: export it again.',
  );
}

/** Reads a part of strings: `n + 1` uint32 offsets, then UTF-8; a single byte 00 is a missing value. */
function readText(bytes: Bytes, part: Part, row: number): string | null {
  const head = (part.end - part.start + 1) * 4;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(row * 4, true);
  const end = view.getUint32(row * 4 + 4, true);
  const text = bytes.subarray(head + start, head + end);
  return text.length === 1 && text[0] === 0 ? null : new TextDecoder().decode(text);
}
