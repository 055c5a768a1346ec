const SHOWN = 8;
const LONGEST = 60;

/** The first few names for a sentence, and the number of the others. */
export function quotedNames(names: readonly string[]): string {
  const quoted = names
    .slice(0, SHOWN)
    .map((name) => (name.length > LONGEST ? `“${name.slice(0, LONGEST)}…”` : `“${name}”`));
  const more = names.length - quoted.length;
  return quoted.join(', ') + (more > 0 ? ` and ${more.toLocaleString('en')} others` : '');
}
