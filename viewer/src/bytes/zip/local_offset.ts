import type { ZipEntry } from 'unzipit';

/**
 * The position of a file's header in its zip; null if the library does not give it.
 *
 * unzipit keeps this in a private field, and its public methods request the header and
 * the content separately and inflate without a limit. `unzipit_private.test.ts` fails if the field changes.
 */
export function localOffset(entry: ZipEntry): number | null {
  const raw = entry['_rawEntry'] as { relativeOffsetOfLocalHeader?: unknown } | undefined;
  const offset = raw?.relativeOffsetOfLocalHeader;
  return typeof offset === 'number' && Number.isSafeInteger(offset) ? offset : null;
}
