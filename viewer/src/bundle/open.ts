import * as v from 'valibot';
import { MOST_JSON_NBYTES, packedAtMost } from '../bytes/bounded';
import { FileMissingError, UnreadableError, ViewerError } from '../bytes/errors';
import { within, type Bytes, type Files } from '../bytes/files';
import { inflate } from '../bytes/gzip';
import { parseJson, readJson } from '../bytes/json';
import { HEADS, ZARR_HEADS, type Head } from '../bytes/folder/roots';
import { AnndataBundle } from './formats/anndata/anndata_bundle';
import { notConsolidated } from './formats/anndata/zarr/documents';
import { ArrivingFiles } from './arrival';
import { BaseBundle } from './formats/karospace/base/base_bundle';
import type { Bundle, OnProgress } from './bundle';
import { catalogOfRoots, readCatalog, type Catalog, type DataSet } from './catalog';
import { CellucidBundle } from './formats/cellucid/cellucid_bundle';
import { StreamBundle } from './formats/karospace/stream/stream_bundle';

export type Opened =
  { readonly is: 'bundle'; readonly bundle: Bundle } | { readonly is: 'catalog'; readonly catalog: Catalog };

export interface OpenOptions {
  /** Told how much of the tables of a base layer is read. */
  readonly onProgress?: OnProgress;
  /** The file to look for first, where the format is known. */
  readonly head?: Head | null;
}

/**
 * Opens whatever lies in a folder: a bundle of any format, or a list of several.
 *
 * One file after the other is asked for, not all at once: a browser writes every one that is
 * missing onto its console. A KaroSpace bundle of either layer costs none of these.
 */
export async function openFolder(files: Files, { onProgress, head }: OpenOptions = {}): Promise<Opened> {
  if (files.roots) return { is: 'catalog', catalog: catalogOfRoots(files, files.roots) };
  let unreadable: UnreadableError | null = null;
  for (const name of orderFrom(head)) {
    try {
      const json = await readHead(files, name);
      if (json !== null) return await openHead(files, name, json, onProgress);
    } catch (error) {
      // Many hosts let pages read their files, but not their answers about missing ones.
      if (!(error instanceof UnreadableError)) throw error;
      unreadable ??= error;
    }
  }
  if (unreadable) throw unreadable;
  throw new ViewerError(
    `There is no bundle at ${files.where}: none of ${HEADS.join(', ')} is there.`,
    files.advice ??
      'Put this page into the folder that the export wrote, or open it with ?data= and the address of that folder. ' +
        'An export that was interrupted has none of these files: run it again.',
  );
}

/** What is looked for: where one document of a Zarr store is named, all of those before others. */
function orderFrom(head?: Head | null): readonly Head[] {
  if (!head) return HEADS;
  const alike: readonly Head[] = ZARR_HEADS;
  return [...new Set([head, ...(alike.includes(head) ? alike : []), ...HEADS])];
}

/** Opens a folder that holds one bundle. */
export async function openBundle(files: Files, options: OpenOptions = {}): Promise<Bundle> {
  const opened = await openFolder(files, options);
  if (opened.is === 'bundle') return opened.bundle;
  throw new ViewerError(
    `${files.where} lists data sets where one was expected.`,
    'Open that list by itself, with ?data= and its address.',
  );
}

export function openDataSet(
  catalog: Catalog,
  { path, head }: DataSet,
  onProgress?: OnProgress,
): Promise<Bundle> {
  return openBundle(within(catalog.files, path), { head, onProgress });
}

async function openHead(files: Files, name: Head, json: unknown, onProgress?: OnProgress): Promise<Opened> {
  switch (name) {
    case 'datasets.json':
      return { is: 'catalog', catalog: readCatalog(files, json) };
    case 'dataset_identity.json':
      return { is: 'bundle', bundle: await CellucidBundle.open(await arriving(files, json), json) };
    case 'atlas.json':
      return { is: 'bundle', bundle: await openAtlas(files, json) };
    case '.zmetadata':
    case 'zarr.json':
      return { is: 'bundle', bundle: await AnndataBundle.open(files, json, name) };
    case '.zgroup':
      throw notConsolidated(files.where);
    case 'manifest.json': {
      const atlas = atlasOf(json);
      if (atlas === null) return { is: 'bundle', bundle: await BaseBundle.open(files, json, onProgress) };
      return { is: 'bundle', bundle: await openAtlas(files, await readJson(files, atlas)) };
    }
  }
}

async function openAtlas(files: Files, json: unknown): Promise<Bundle> {
  return new StreamBundle(saysProgress(json) ? await arriving(files, json) : files, json);
}

/** Where the head does not say that its export may still run, nobody asks before a file is missing. */
async function arriving(files: Files, json: unknown): Promise<ArrivingFiles> {
  const wrapped = new ArrivingFiles(files);
  if (saysProgress(json)) await wrapped.look();
  return wrapped;
}

function saysProgress(head: unknown): boolean {
  return v.is(v.object({ progress: v.string() }), head);
}

const StreamKey = v.object({ version: v.literal(1), path: v.string() });

function atlasOf(manifest: unknown): string | null {
  const parsed = v.safeParse(v.object({ stream: StreamKey }), manifest);
  return parsed.success ? parsed.output.stream.path : null;
}

const STREAM_FIRST = /^\s*\{\s*"stream"\s*:\s*(\{[^{}]*\})/;

/** A manifest lists every part of every gene. Where its first key tells of an atlas, the rest is not needed. */
function streamFirst(begin: Bytes): string | null {
  return STREAM_FIRST.exec(new TextDecoder().decode(begin.subarray(0, 1024)))?.[1] ?? null;
}

async function readHead(files: Files, path: Head): Promise<unknown> {
  let bytes: Bytes;
  try {
    const enough = path === 'manifest.json' ? (begin: Bytes) => streamFirst(begin) !== null : undefined;
    const stored = await files.get(path, { most: packedAtMost(MOST_JSON_NBYTES), ...(enough && { enough }) });
    bytes = await inflate(stored, path, undefined, MOST_JSON_NBYTES);
  } catch (error) {
    if (error instanceof FileMissingError) return null;
    throw error;
  }
  // Hosts of single-page applications answer any missing path with their own page.
  if (looksLikeHtml(bytes)) return null;
  const stream = path === 'manifest.json' ? streamFirst(bytes) : null;
  if (stream !== null) return { stream: parseJson(new TextEncoder().encode(stream), path) };
  return parseJson(bytes, path);
}

function looksLikeHtml(bytes: Bytes): boolean {
  return /^\s*</.test(new TextDecoder().decode(bytes.subarray(0, 64)));
}
