import type * as v from 'valibot';
import { formatCounted } from './format';

/** Names of members of files that are not words for what they mean. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['color', 'colour'],
  ['on', 'switch'],
  ['saved', 'date'],
  ['below', 'height'],
  ['right', 'width'],
  ['showImage', 'switch of the image'],
  ['imageOpacity', 'opacity of the image'],
]);
const KINDS: ReadonlyMap<string, string> = new Map([
  ['Array', 'a list'],
  ['Object', 'an object'],
  ['string', 'a text'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
]);
const LONGEST = 60;

/** What is wrong with a value of a file, as part of a sentence. `whole` is the name of the value, such as `the groups`. */
export function wrongValue(issue: v.BaseIssue<unknown>, whole: string): string {
  let place = whole;
  for (const { key } of (issue.path ?? []) as readonly { readonly key: unknown }[]) {
    if (typeof key === 'number') place = entryOf(place, key + 1);
    else place = `the ${wordOf(String(key))} of ${place}`;
  }
  if (issue.input === undefined) return `${place} is missing`;
  const given = KINDS.get(issue.received) ?? issue.received;
  return `${place} must be ${wantedOf(issue)}, got ${given.slice(0, LONGEST)}`;
}

function wordOf(key: string): string {
  return WORDS.get(key) ?? key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function entryOf(list: string, number: number): string {
  const plural = /^the ([a-z ]+)s$/.exec(list);
  return plural && !list.includes(' of ') ? `${plural[1]} ${number}` : `entry ${number} of ${list}`;
}

function wantedOf(issue: v.BaseIssue<unknown>): string {
  const { type, requirement, expected } = issue;
  const long = () =>
    `${formatCounted(Number(requirement), typeof issue.input === 'string' ? 'letter' : 'entry')} long`;
  switch (type) {
    case 'min_value':
      return `at least ${String(requirement)}`;
    case 'max_value':
      return `at most ${String(requirement)}`;
    case 'min_length':
      return `at least ${long()}`;
    case 'max_length':
      return `at most ${long()}`;
    case 'parse_json':
      return 'JSON';
    case 'integer':
      return 'a whole number';
    case 'regex':
      // Each pattern says what it is of.
      return issue.message;
    default: {
      const kinds = (expected ?? '').replace(/[()]/g, '').split(' | ');
      return [...new Set(kinds.map((kind) => KINDS.get(kind) ?? (kind || 'another value')))].join(' or ');
    }
  }
}
