import { MOST_JSON_NBYTES, packedAtMost } from '../bytes/bounded';
import { FileMissingError, UnreadableError, ViewerError } from '../bytes/errors';
import { filesUntil, within, type Bytes, type Files } from '../bytes/files';
import { markNames } from '../bytes/folder/marks';
import { inflate } from '../bytes/gzip';
import { parseJson } from '../bytes/json';
import type { Bundle, OnProgress } from './bundle';
import { catalogOfRoots, readCatalog, type Catalog, type DataSet } from './catalog';
import { READERS } from './formats/readers';
import { formatOfMark, MARKS, orderFrom } from './formats/registry';

export type Opened =
  { readonly is: 'bundle'; readonly bundle: Bundle } | { readonly is: 'catalog'; readonly catalog: Catalog };

export interface OpenOptions {
  /** Called with the share of the base layer's tables that has been read. */
  readonly onProgress?: OnProgress;
  /** The file to look for first, if the format is known. */
  readonly mark?: string | null;
  /** Closes the bundle: all its requests end. */
  readonly closed?: AbortSignal;
}

/**
 * Opens a folder: a bundle of any format, or a list of several.
 *
 * It requests one file after another, not all at once: a browser writes every missing file
 * to its console. A KaroSpace bundle of either layer causes none.
 */
export async function openFolder(
  folder: Files,
  { onProgress, mark, closed }: OpenOptions = {},
): Promise<Opened> {
  if (folder.roots) return { is: 'catalog', catalog: catalogOfRoots(folder, folder.roots) };
  const files = closed ? filesUntil(closed, folder) : folder;
  let unreadable: UnreadableError | null = null;
  for (const name of orderFrom(mark)) {
    try {
      const json = await readMark(files, name);
      if (json === null) continue;
      const format = formatOfMark(name);
      // A list stays open while its data sets are opened and closed.
      if (format === null) return { is: 'catalog', catalog: readCatalog(folder, json) };
      return { is: 'bundle', bundle: await READERS[format].open(files, name, json, onProgress) };
    } catch (error) {
      // Many hosts let pages read files, but not the responses for missing ones.
      if (!(error instanceof UnreadableError)) throw error;
      unreadable ??= error;
    }
  }
  if (unreadable) throw unreadable;
  throw new ViewerError(
    `There is no export at ${files.where}: it has none of ${markNames(MARKS)}.`,
    files.advice ??
      'Put this page into the folder of the export, or open it with ?data= and the address of that folder. ' +
        'An export that was interrupted has none of these files: run it again.',
  );
}

/** Opens a folder that holds one bundle. */
export async function openBundle(files: Files, options: OpenOptions = {}): Promise<Bundle> {
  const opened = await openFolder(files, options);
  if (opened.is === 'bundle') return opened.bundle;
  throw new ViewerError(
    `${files.where} is a list of data sets, but must be a single export.`,
    'Open the list itself, with ?data= and its address.',
  );
}

export function openDataSet(
  catalog: Catalog,
  { path, mark }: DataSet,
  options: OpenOptions = {},
): Promise<Bundle> {
  return openBundle(within(catalog.files, path), { mark, ...options });
}

/** The JSON of a mark; null if it is missing. */
async function readMark(files: Files, mark: string): Promise<unknown> {
  const format = formatOfMark(mark);
  const excerpt = format === null ? undefined : READERS[format].excerpts?.[mark];
  let bytes: Bytes;
  try {
    const enough = excerpt && ((begin: Bytes) => excerpt(begin) !== null);
    const stored = await files.get(mark, { most: packedAtMost(MOST_JSON_NBYTES), ...(enough && { enough }) });
    bytes = await inflate(stored, mark, undefined, MOST_JSON_NBYTES);
  } catch (error) {
    if (error instanceof FileMissingError) return null;
    throw error;
  }
  // Hosts of single-page applications send their own page for any missing path.
  if (looksLikeHtml(bytes)) return null;
  const short = excerpt?.(bytes) ?? null;
  return parseJson(short === null ? bytes : new TextEncoder().encode(short), mark);
}

function looksLikeHtml(bytes: Bytes): boolean {
  return /^\s*</.test(new TextDecoder().decode(bytes.subarray(0, 64)));
}
