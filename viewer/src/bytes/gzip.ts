import { inflateAtMost, MOST_NBYTES, tooLarge } from './bounded';
import { ViewerError } from './errors';
import type { Bytes } from './files';

/** Some hosts inflate on the way, so only the first bytes tell whether it is gzip (8: deflate). */
export function isGzip(bytes: Bytes): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
}

/**
 * Inflates one gzip member. Returns anything else unchanged.
 *
 * An array may begin with the same bytes (2.1334913 as float32 does), and a member may be as long as
 * what it holds: bytes that have the length `plain` already are inflated only if that gives as many.
 * What inflates to more than `plain`, or to more than `most` where that is not known, is refused.
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
