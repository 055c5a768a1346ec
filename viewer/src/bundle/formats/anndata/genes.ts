/** Makes gene names unique as anndata does: a repeated name gets `-1`, `-2`, …. */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const given = names.map((name, gene) => name || `unnamed-${gene}`);
  const taken = new Set(given);
  if (taken.size === names.length) return given;
  const seen = new Map<string, number>();
  return given.map((label) => {
    let count = seen.get(label) ?? 0;
    let unique = label;
    if (count > 0) {
      while (taken.has((unique = `${label}-${count}`))) count++;
      taken.add(unique);
    }
    seen.set(label, count + 1);
    return unique;
  });
}
