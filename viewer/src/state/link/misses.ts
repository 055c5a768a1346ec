import { ViewerError } from '../../bytes/errors';

/** Most names in one sentence, since a link may be written by hand and have any number of them. */
const MOST_NAMED = 5;
const LONGEST = 60;

/** Collects the parts of a link that the bundle does not have, for one message. */
export class Misses {
  readonly #found: string[] = [];

  /** Adds a part of the link, such as `gene`, and the name in it. */
  add(what: string, name: string): void {
    this.#found.push(`${what} “${short(name)}”`);
  }

  /** Adds categories of one column. */
  addCategories(column: string, labels: readonly (string | null)[]): void {
    for (const label of labels)
      this.#found.push(
        label === null
          ? `cells without a value of “${short(column)}”`
          : `the category “${short(label)}” of “${short(column)}”`,
      );
  }

  /** The message; null if nothing is missing. */
  get problem(): ViewerError | null {
    const found = this.#found;
    if (found.length === 0) return null;
    const more = found.length - MOST_NAMED;
    const named = found.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
    return new ViewerError(
      `This data set lacks parts that the link names: ${named}.`,
      'The rest of the link was applied. It may have been copied from another export, or typed by hand.',
    );
  }
}

function short(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name;
}
