import { ViewerError } from './errors';
import type { Bytes } from './files';

// A string, which is kept, or one of the words that JSON does not know, which becomes null.
const STRING_OR_BARE_WORD = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** Parses JSON, also with the bare `NaN` and `Infinity` that Python writes: they become null. */
export function parseJson(bytes: Bytes, path: string): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    const standard = text.replace(STRING_OR_BARE_WORD, (found) => (found[0] === '"' ? found : 'null'));
    try {
      return JSON.parse(standard);
    } catch (cause) {
      throw new ViewerError(
        `The file ${path} is not JSON: ${(cause as Error).message}.`,
        'It was cut short, or the host answers with a page of its own in its place.',
        { cause },
      );
    }
  }
}
