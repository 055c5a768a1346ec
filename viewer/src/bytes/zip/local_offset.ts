import type { ZipEntry } from 'unzipit';

/**
 * Where the header of a file begins in its zip; null where the library does not say.
 *
 * unzipit keeps this in a private field, and its public ways to read a file ask for the header and
 * the content separately, and inflate without a limit. `unzipit_private.test.ts` fails if the field changes.
 */
export function localOffset(entry: ZipEntry): number | null {
  const raw = entry['_rawEntry'] as { relativeOffsetOfLocalHeader?: unknown } | undefined;
  const offset = raw?.relativeOffsetOfLocalHeader;
  return typeof offset === 'number' && Number.isSafeInteger(offset) ? offset : null;
}
