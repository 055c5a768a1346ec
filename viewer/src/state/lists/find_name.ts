/** Most names of a suggestion. */
const MOST = 3;
/** Shorter texts are the beginning of too many names. */
const LEAST_LETTERS = 3;

export interface FoundName {
  /** -1 if there is no such name, or several that differ only in case. */
  readonly index: number;
  /** Names that may be meant instead. */
  readonly similar: readonly string[];
}

/**
 * The number of an item with a name: exactly this one, else the only one that differs in case alone. Each list has
 * a name for each item; the first lists take precedence.
 */
export function findName(lists: readonly (readonly string[])[], name: string): FoundName {
  for (const names of lists) {
    const index = names.indexOf(name);
    if (index >= 0) return { index, similar: [] };
  }
  const wanted = name.trim().toLowerCase();
  if (wanted === '') return { index: -1, similar: [] };
  const same = new Map<number, string>();
  for (const names of lists)
    names.forEach((each, index) => {
      if (each.toLowerCase() === wanted && !same.has(index)) same.set(index, each);
    });
  const [only] = same.keys();
  if (same.size === 1) return { index: only, similar: [] };
  if (same.size > 1) return { index: -1, similar: [...same.values()].slice(0, MOST) };
  return { index: -1, similar: nearest(lists, wanted) };
}

/** The end of a sentence, such as `; did you mean “a” or “b”?`, or a full stop. */
export function didYouMean(similar: readonly string[]): string {
  return similar.length > 0 ? `; did you mean ${orList(similar)}?` : '.';
}

/** Such as `“a”, “b” or “c”`. */
export function orList(names: readonly string[]): string {
  const quoted = names.map((name) => `“${name.length > 60 ? `${name.slice(0, 60)}…` : name}”`);
  return [quoted.slice(0, -1).join(', '), quoted[quoted.length - 1]].filter(Boolean).join(' or ');
}

/** Such as `a, b and c`. */
export function andList(parts: readonly string[]): string {
  return [parts.slice(0, -1).join(', '), parts[parts.length - 1]].filter(Boolean).join(' and ');
}

/** Names that begin with the text, the shortest first; then those that one letter would change into it. */
function nearest(lists: readonly (readonly string[])[], wanted: string): string[] {
  const names = lists.flat();
  const begin =
    wanted.length < LEAST_LETTERS ? [] : names.filter((name) => name.toLowerCase().startsWith(wanted));
  const close = names.filter((name) => isOneEditAway(name.toLowerCase(), wanted));
  return [...new Set([...begin.sort((a, b) => a.length - b.length), ...close])].slice(0, MOST);
}

/** Whether one letter less, more or different makes one text of the other. */
function isOneEditAway(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1 || Math.min(one.length, other.length) < LEAST_LETTERS)
    return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  let end = 0;
  const most = Math.min(one.length, other.length) - start;
  while (end < most && one[one.length - 1 - end] === other[other.length - 1 - end]) end++;
  return Math.max(one.length, other.length) - start - end <= 1;
}
