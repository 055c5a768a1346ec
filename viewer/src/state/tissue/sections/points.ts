import { signal } from '@preact/signals-core';
import { isAbort } from '../../../bytes/shared';
import type { SectionPoints, Sections } from '../../../bundle/tissue';

/** Cells whose points are kept while their panels are out of sight: 12 bytes each. */
const MOST_CELLS = 8_000_000;

/** The points of a section, while they are loaded and afterwards. */
export type Loaded =
  | { readonly is: 'loading'; readonly given: AbortController }
  | { readonly is: 'here'; readonly points: SectionPoints }
  | { readonly is: 'failed'; readonly error: unknown };

/** Loads the points of the sections in sight; gives up those that leave it before. */
export class PointsStore {
  /** By section, the least recently wanted first. Immutable. */
  readonly loaded = signal<ReadonlyMap<number, Loaded>>(new Map());
  /** Null until the first panels are placed. */
  readonly #wanted = signal<readonly number[] | null>(null);

  constructor(private readonly sections: Sections | null) {}

  of(section: number): SectionPoints | null {
    const known = this.loaded.value.get(section);
    return known?.is === 'here' ? known.points : null;
  }

  /** Sets which sections are in sight. */
  want(wanted: readonly number[]): void {
    this.#wanted.value = wanted;
    const all = new Map(this.loaded.peek());
    for (const [section, each] of all)
      if (each.is === 'loading' && !wanted.includes(section)) {
        each.given.abort();
        all.delete(section);
      }
    const begun: (readonly [number, AbortController])[] = [];
    for (const section of wanted) {
      const known = all.get(section);
      const given = known ? null : new AbortController();
      all.delete(section);
      all.set(section, known ?? { is: 'loading', given: given! });
      if (given) begun.push([section, given]);
    }
    this.loaded.value = all;
    for (const [section, given] of begun) void this.#load(section, given);
  }

  /** Tries a section again that could not be loaded. */
  retry(section: number): void {
    const all = new Map(this.loaded.peek());
    all.delete(section);
    this.loaded.value = all;
    this.want(this.#wanted.peek() ?? []);
  }

  /** Whether each section in sight is there, or could not be loaded. */
  get isSettled(): boolean {
    const wanted = this.#wanted.value;
    if (wanted === null) return false;
    return wanted.every((section) => {
      const known = this.loaded.value.get(section);
      return known !== undefined && known.is !== 'loading';
    });
  }

  async #load(section: number, given: AbortController): Promise<void> {
    let next: Loaded;
    try {
      next = { is: 'here', points: await this.sections!.points(section, given.signal) };
    } catch (error) {
      if (isAbort(error)) return;
      next = { is: 'failed', error };
    }
    const all = new Map(this.loaded.peek());
    const known = all.get(section);
    if (known?.is !== 'loading' || known.given !== given) return;
    // In place: it stays as recently wanted as it was.
    all.set(section, next);
    this.loaded.value = this.#shortened(all);
  }

  #shortened(all: Map<number, Loaded>): ReadonlyMap<number, Loaded> {
    const sizeOf = (section: number) =>
      this.sections!.items[section].end - this.sections!.items[section].start;
    let nCells = 0;
    for (const [section, { is }] of all) if (is === 'here') nCells += sizeOf(section);
    for (const [section, { is }] of all) {
      if (nCells <= MOST_CELLS) break;
      if (is !== 'here' || (this.#wanted.peek() ?? []).includes(section)) continue;
      all.delete(section);
      nCells -= sizeOf(section);
    }
    return all;
  }
}
