import { inflateAtMost, MOST_NBYTES, tooLarge } from './bounded';
import { ViewerError } from './errors';
import type { Bytes } from './files';

/** Whether bytes are gzip (8: deflate). Some hosts inflate in transit, so only the first bytes tell. */
export function isGzip(bytes: Bytes): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
}

/**
 * Inflates one gzip member. Returns anything else unchanged.
 *
 * An array may begin with the same bytes (as 2.1334913 in float32 does), and a member may be as long as
 * its content: bytes of the length `plain` are inflated only if the result has that length, too.
 * Data that inflate to more than `plain`, or to more than `most` if `plain` is unknown, are refused.
 */
export async function inflate(
  bytes: Bytes,
  path: string,
  plain?: number,
  most = plain ?? MOST_NBYTES,
): Promise<Bytes> {
  if (!isGzip(bytes)) {
    if (plain === undefined && bytes.length > most) throw tooLarge(path, most);
    return bytes;
  }
  let inflated: Bytes | null;
  try {
    inflated = await inflateAtMost(bytes, 'gzip', most);
  } catch (cause) {
    if (bytes.length === plain) return bytes;
    throw new ViewerError(
      `The file ${path} (${bytes.length.toLocaleString('en')} bytes) is cut short or damaged: it cannot be decompressed.`,
      'Copy the bundle again, or run the export again.',
      { cause },
    );
  }
  if (bytes.length === plain && inflated?.length !== plain) return bytes;
  if (inflated === null) throw tooLarge(path, most);
  return inflated;
}
