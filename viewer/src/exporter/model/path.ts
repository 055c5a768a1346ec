/** Paths and URLs as text; they may belong to another operating system. */

export const isUrl = (text: string) => /^[a-z][a-z0-9+.-]+:\/\//i.test(text);

/** Suggests a target beside the input: `/data/sample-karospace` for `/data/sample.h5ad`. */
export function suggestedTarget(sources: readonly string[]): string {
  const source = sources.length > 1 ? commonFolder(sources) : (sources[0] ?? '');
  const trimmed = source.replace(/[/\\][^/\\]*[*?[].*$/, '').replace(/[/\\]+$/, '');
  const stem = trimmed.replace(ENDING, '');
  return stem === '' ? '' : `${stem}-karospace`;
}

const ENDING = /\.(h5ad|zarr|zarr\.zip|h5|h5mu|loom|txt|csv|tsv)$/i;

/** Parts of a URL up to its bucket or host. */
const BUCKET = 3;

/** The deepest folder that holds all paths; empty if there is none below the root. */
export function commonFolder(paths: readonly string[]): string {
  const [first, ...rest] = paths.map((path) => path.split(/[/\\]/).slice(0, -1));
  const n = first?.findIndex((part, at) => rest.some((parts) => parts[at] !== part)) ?? 0;
  const shared = n < 0 ? (first ?? []) : (first ?? []).slice(0, n);
  if (isUrl(paths[0] ?? '') && shared.length <= BUCKET) return '';
  return shared.join(paths[0]?.includes('\\') ? '\\' : '/');
}

/** The last part of a path or a URL, and the folder above it. */
export function splitPath(path: string): { name: string; folder: string } {
  const trimmed = path.replace(/[/\\]+$/, '');
  const at = Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\'));
  return { name: trimmed.slice(at + 1) || path, folder: at > 0 ? trimmed.slice(0, at) : '' };
}

export function joined(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}
