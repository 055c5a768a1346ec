/**
 * Turns a key into part of a file name. The rule belongs to the format, and writers and readers must
 * agree on it, so it cannot change.
 */
export function fileKey(key: string): string {
  const safe = key.replace(/[^A-Za-z0-9._-]+/g, '_');
  let start = 0;
  let end = safe.length;
  while (start < end && isEdge(safe[start])) start++;
  while (end > start && isEdge(safe[end - 1])) end--;
  return safe.slice(start, end) || 'field';
}

function isEdge(character: string): boolean {
  return character === '.' || character === '_';
}

/** Fills the `{…}` of a path pattern. */
export function fillPattern(pattern: string, values: Readonly<Record<string, string>>): string {
  return pattern.replace(/\{(\w+)\}/g, (whole, key: string) =>
    Object.hasOwn(values, key) ? values[key] : whole,
  );
}

/** Pairs of keys that share a file, so that one of them shows the values of the other. */
export function collisions(keys: Iterable<string>): [string, string][] {
  const first = new Map<string, string>();
  const found: [string, string][] = [];
  for (const key of keys) {
    const file = fileKey(key);
    const other = first.get(file);
    if (other === undefined) first.set(file, key);
    else found.push([other, key]);
  }
  return found;
}
