import { isZarritaError } from 'zarrita';
import { ViewerError } from '../../../../bytes/errors';
import { isAbort } from '../../../../bytes/shared';
import type { ZarrStore } from './store';

/** Runs a read of an array, and turns errors of the library into messages for the user. */
export async function explained<T>(work: () => Promise<T>, path: string, store: ZarrStore): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, path, store);
  }
}

function explain(error: unknown, path: string, { files }: ZarrStore): unknown {
  const cause = isZarritaError(error, 'CodecPipelineError') ? error.cause : error;
  if (cause instanceof ViewerError || isAbort(cause)) return cause;
  if (isZarritaError(cause, 'UnknownCodecError')) return unpackable(path, files.where, cause.codec, cause);
  const what = cause instanceof Error ? cause.message : String(cause);
  return new ViewerError(
    `The array ${path} in ${files.where} cannot be read: ${what}.`,
    'It is damaged, or in a form that this page does not know: write it again with karospace-stream export --format anndata.',
    { cause },
  );
}

/** Error for a codec that browsers do not have. */
export function unpackable(path: string, where: string, codec: string, cause?: unknown): ViewerError {
  return new ViewerError(
    `The array ${path} in ${where} is compressed with ${codec.replace(/^numcodecs\./, '')}, which this page cannot decompress.`,
    'Write it again with karospace-stream export --format anndata, whose chunks browsers can decompress.',
    { cause },
  );
}
