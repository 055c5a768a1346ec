/** Paths and URLs as text; the machine that has them may be another kind of machine. */

export const isUrl = (text: string) => /^[a-z][a-z0-9+.-]+:\/\//i.test(text);

/** A place for the bundle beside its input: `/data/sample.h5ad` to `/data/sample-karospace`. */
export function suggestedTarget(source: string): string {
  const trimmed = source.replace(/[/\\]+$/, '');
  const stem = trimmed.replace(/\.(h5ad|zarr|zarr\.zip)$/i, '');
  return stem === '' ? '' : `${stem}-karospace`;
}

export function joined(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}
