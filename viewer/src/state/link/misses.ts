import { ViewerError } from '../../bytes/errors';
import { orList } from '../lists/find_name';

/** Most names in one sentence, since a link may be written by hand and have any number of them. */
const MOST_NAMED = 5;
const LONGEST = 60;

const ADVICE = {
  link: 'The rest of the link was applied. It may have been copied from another export, or typed by hand.',
  'session file': 'The rest of the session file was applied.',
};

/** Collects the parts of a link, or of a session file, that the bundle does not have or that the page cannot use, for one message. */
export class Misses {
  readonly #lacking: string[] = [];
  readonly #unused: string[] = [];
  #parts: readonly string[] = [];

  constructor(readonly source: keyof typeof ADVICE = 'link') {}

  /** Adds a part of the link, such as `gene`, the name in it, and names that may be meant. */
  add(what: string, name: string, similar: readonly string[] = []): void {
    if (name === '') this.#unused.push(`${what} is empty`);
    else
      this.#lacking.push(
        `${what} “${short(name)}”${similar.length > 0 ? ` (did you mean ${orList(similar)}?)` : ''}`,
      );
  }

  /** Adds a part that no link has; `parts` are those that it may have. */
  addUnknownPart(part: string, similar: readonly string[], parts: readonly string[]): void {
    this.#parts = parts;
    const hint = similar.length > 0 ? ` (did you mean ${orList(similar)}?)` : '';
    this.#unused.push(`“${short(part)}” is no part of a ${this.source}${hint}`);
  }

  /** Adds a part that is left out, and why. */
  addLeftOut(part: string, why: string): void {
    this.#unused.push(`${part}: ${why}`);
  }

  /** Adds a part that is not applied, and why. */
  addUnused(what: string, name: string, why: string): void {
    this.#unused.push(`${what} with “${short(name)}” is not used: ${why}`);
  }

  /** Adds categories of one column. */
  addCategories(column: string, labels: readonly (string | null)[]): void {
    for (const label of labels)
      this.#lacking.push(
        label === null
          ? `cells without a value of “${short(column)}”`
          : `the category “${short(label)}” of “${short(column)}”`,
      );
  }

  /** The message; null if nothing is missing. */
  get problem(): ViewerError | null {
    const sentences: string[] = [];
    if (this.#lacking.length > 0)
      sentences.push(
        `This data set lacks parts that the ${this.source} names: ${some(this.#lacking, ', ')}.`,
      );
    if (this.#unused.length > 0)
      sentences.push(`Parts of the ${this.source} cannot be applied: ${some(this.#unused, '; ')}.`);
    if (sentences.length === 0) return null;
    const parts = this.#parts.length > 0 ? ` A link may have: ${this.#parts.join(', ')}.` : '';
    return new ViewerError(sentences.join(' '), ADVICE[this.source] + parts);
  }
}

/** Records that a part of the link could not be applied, if the link has it. */
export function missed(misses: Misses, link: URLSearchParams, part: string, what: string): void {
  const name = link.get(part);
  if (name !== null) misses.add(what, name);
}

function some(found: readonly string[], between: string): string {
  const more = found.length - MOST_NAMED;
  return found.slice(0, MOST_NAMED).join(between) + (more > 0 ? ` and ${more} more` : '');
}

function short(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name;
}
