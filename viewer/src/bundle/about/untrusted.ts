/** Reads facts from unchecked files: ignores values of an unexpected type, and cuts long ones. */

const LONG = 2_000;

/** A text without invisible characters; line ends stay. */
export function textOf(value: unknown, most = LONG): string {
  if (typeof value !== 'string') return '';
  const text = value.slice(0, most).replace(/\r\n?/g, '\n').replace(INVISIBLE, '').trim();
  return value.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;
}

/** Control characters except tabs and line ends; and those that change the direction of the text. */
// eslint-disable-next-line no-control-regex
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A whole number of zero or more; null for anything else. */
export function countOf(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

/** A member of an object; undefined if there is none. */
export function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

/** The first entries of a list; empty for anything else. */
export function listOf(value: unknown, most: number): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]).slice(0, most) : [];
}
