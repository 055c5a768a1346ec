import { ViewerError } from '../errors';

/** The files that make a folder a bundle, and the one that lists several; in the order of being looked for. */
export const HEADS = [
  'manifest.json',
  'dataset_identity.json',
  'datasets.json',
  'atlas.json',
  '.zmetadata',
  'zarr.json',
  '.zgroup',
] as const;
/** Those of a Zarr store; the last is there without the first where its metadata is not consolidated. */
export const ZARR_HEADS = ['.zmetadata', 'zarr.json', '.zgroup'] as const satisfies Head[];
export type Head = (typeof HEADS)[number];

export function isHead(name: string | undefined): name is Head {
  return HEADS.some((head) => head === name);
}

/**
 * The folders, nearest to the top, that hold a head: without a `/` at the end, and the empty text
 * for the top itself. Several where several lie equally deep.
 */
export function findRoots(paths: Iterable<string>): string[] {
  let depth = Infinity;
  const roots = new Set<string>();
  for (const path of paths) {
    const steps = path.split('/');
    // What macOS packs beside every file has the names of the files.
    if (!isHead(steps.at(-1)) || steps[0] === '__MACOSX' || steps.length > depth) continue;
    if (steps.length < depth) roots.clear();
    depth = steps.length;
    roots.add(steps.slice(0, -1).join('/'));
  }
  return [...roots].sort();
}

export function noBundleIn(what: string): ViewerError {
  return new ViewerError(
    `${what} holds no bundle: none of ${HEADS.join(', ')} is in it.`,
    'Choose what the export wrote: the folder that holds one of these files, or a .zip of it.',
  );
}
