/** Offers a file to the user as a download. */
export function save(content: Blob, name: string): void {
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(content);
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(anchor.href);
}

/** A file name for a data set, whose name may contain any character. */
export function fileStem(name: string): string {
  return name.replace(/[^\p{L}\p{N}.-]+/gu, '_').slice(0, 80);
}
