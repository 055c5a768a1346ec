/** Paths and URLs as text; they may belong to another operating system. */

export const isUrl = (text: string) => /^[a-z][a-z0-9+.-]+:\/\//i.test(text);

/** Suggests a target beside the input: `/data/sample-karospace` for `/data/sample.h5ad`. */
export function suggestedTarget(source: string): string {
  const trimmed = source.replace(/[/\\]+$/, '');
  const stem = trimmed.replace(/\.(h5ad|zarr|zarr\.zip)$/i, '');
  return stem === '' ? '' : `${stem}-karospace`;
}

export function joined(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}
