import { ViewerError } from './errors';
import type { Bytes, GetOptions } from './files';

const MEBIBYTE = 2 ** 20;
/** Limit for a file whose size is not declared, such as texts of cells or an image. */
export const MOST_NBYTES = 256 * MEBIBYTE;
/** Limit for a JSON document, which takes several times as much once parsed. */
export const MOST_JSON_NBYTES = 64 * MEBIBYTE;

/** The largest compressed size of a file of `nbytes`: data that cannot be compressed grows a little. */
export function packedAtMost(nbytes: number): number {
  return nbytes + Math.ceil(nbytes / 1000) + 4096;
}

/**
 * Reads a stream to its end. Stops after `most` bytes and returns null, so that data that
 * inflate to gigabytes are never held.
 */
export async function readAtMost(
  stream: ReadableStream<Uint8Array>,
  most: number,
  { onBytes, enough }: Pick<GetOptions, 'onBytes' | 'enough'> = {},
): Promise<Bytes | null> {
  const reader = stream.getReader();
  const pieces: Uint8Array[] = [];
  let nbytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(pieces, nbytes);
    nbytes += value.byteLength;
    if (nbytes > most) {
      // Not awaited: the stream is discarded anyway.
      reader.cancel().catch(() => {});
      return null;
    }
    pieces.push(value);
    onBytes?.(value.byteLength);
    // Only the beginning can be enough: after a few pieces, collect the rest without asking.
    if (!enough || pieces.length > 4) continue;
    const begin = join(pieces, nbytes);
    if (!enough(begin)) continue;
    await reader.cancel();
    return begin;
  }
}

/** Inflates up to a limit; null if there is more. */
export function inflateAtMost(
  packed: Uint8Array<ArrayBuffer>,
  format: CompressionFormat,
  most: number,
): Promise<Bytes | null> {
  return readAtMost(inPieces(packed).pipeThrough(new DecompressionStream(format)), most);
}

/** A browser inflates a whole piece before the limit can be checked, so pieces are small. */
const PIECE_NBYTES = 32 * 2 ** 10;

function inPieces(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (at < bytes.length) controller.enqueue(bytes.subarray(at, (at += PIECE_NBYTES)));
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

export function tooLarge(path: string, most: number): ViewerError {
  return new ViewerError(
    `The file ${path} holds more than ${most.toLocaleString('en')} bytes.`,
    'The bundle is damaged, or not trustworthy: export it again.',
  );
}

function join(pieces: readonly Uint8Array[], nbytes: number): Bytes {
  const all = new Uint8Array(nbytes);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
