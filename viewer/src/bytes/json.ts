import { MOST_JSON_NBYTES, packedAtMost } from './bounded';
import { ViewerError } from './errors';
import type { Bytes, Files } from './files';
import { inflate } from './gzip';

interface Options {
  readonly signal?: AbortSignal;
  readonly most?: number;
}

/** Reads a document, which may be compressed; refuses one of more than `most` bytes. */
export async function readJson(
  files: Files,
  path: string,
  { signal, most = MOST_JSON_NBYTES }: Options = {},
): Promise<unknown> {
  const stored = await files.get(path, { most: packedAtMost(most), signal });
  return parseJson(await inflate(stored, path, undefined, most), path);
}

// A string, which is kept, or a word that JSON does not allow, which becomes null.
const STRING_OR_BARE_WORD = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** Parses JSON, also with the bare `NaN` and `Infinity` that Python writes: they become null. */
export function parseJson(bytes: Bytes, path: string): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    try {
      const standard = text.replace(STRING_OR_BARE_WORD, (found) => (found[0] === '"' ? found : 'null'));
      return JSON.parse(standard);
    } catch (cause) {
      throw new ViewerError(
        `The file ${path} is not JSON: ${(cause as Error).message}.`,
        'It is incomplete, or the host sent a page of its own instead.',
        { cause },
      );
    }
  }
}
