import { FileMissingError, ViewerError } from '../bytes/errors';
import type { Bytes, Files } from '../bytes/files';
import { inflate } from '../bytes/gzip';
import { parseJson } from '../bytes/json';
import { BaseBundle } from './base/base_bundle';
import type { Bundle, OnProgress } from './bundle';
import { StreamBundle } from './stream/stream_bundle';

/** Opens whatever bundle lies in a folder: the stream layer where there is one, else the base layer. */
export async function openBundle(files: Files, onProgress?: OnProgress): Promise<Bundle> {
  const atlas = await readHead(files, 'atlas.json');
  if (atlas !== null) return new StreamBundle(files, atlas);
  const manifest = await readHead(files, 'manifest.json');
  if (manifest !== null) return BaseBundle.open(files, manifest, onProgress);
  throw new ViewerError(
    `There is no bundle at ${files.where}: neither atlas.json nor manifest.json is there.`,
    'Put this page into the folder that the export wrote, or open it with ?data= and the address of that folder. ' +
      'An export that was interrupted has no manifest: run it again.',
  );
}

async function readHead(files: Files, path: string): Promise<unknown> {
  let bytes: Bytes;
  try {
    bytes = await inflate(await files.get(path), path);
  } catch (error) {
    if (error instanceof FileMissingError) return null;
    throw error;
  }
  // Hosts of single-page applications answer any missing path with their own page.
  if (looksLikeHtml(bytes)) return null;
  return parseJson(bytes, path);
}

function looksLikeHtml(bytes: Bytes): boolean {
  return /^\s*</.test(new TextDecoder().decode(bytes.subarray(0, 64)));
}
