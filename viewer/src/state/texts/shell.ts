/** A name of a column as a shell takes it, or the placeholder if it is no plain name. */
export function shellName(name: string): string {
  if (/^[\w.-]+$/.test(name)) return name;
  return /^[\w .()+-]{1,60}$/.test(name) ? `"${name}"` : 'COLUMN';
}
