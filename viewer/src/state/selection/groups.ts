import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import { CATEGORY_COLORS } from '../colouring/palette';
import type { Region } from './regions/region';
import type { Cells } from './sets';

/** Cells with a name. */
export interface Group {
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
  readonly cells: Cells;
  /** The outline that was drawn around its cells, if there is one. */
  readonly region?: Region;
}

/** Longer names would not fit on the page. */
export const LONGEST_NAME = 200;

/** The user's groups of cells, in the order in which they were made. Their names are unique. */
export class Groups {
  readonly list = signal<readonly Group[]>([]);

  /** A name for the next group. */
  readonly freeName: ReadonlySignal<string> = computed(() => {
    const taken = new Set(this.list.value.map(({ name }) => name));
    let number = taken.size + 1;
    while (taken.has(`Group ${number}`)) number++;
    return `Group ${number}`;
  });

  /** A colour for the next group. */
  readonly freeColor: ReadonlySignal<string> = computed(() => {
    const taken = new Set(this.list.value.map(({ color }) => color));
    const free = CATEGORY_COLORS.find((color) => !taken.has(color));
    return free ?? CATEGORY_COLORS[taken.size % CATEGORY_COLORS.length];
  });

  /** Why a group cannot have a name; null if it can. `own` is the name that it has. */
  whyNot(name: string, own: string | null = null): string | null {
    const wanted = name.trim();
    if (wanted === '') return 'A group must have a name.';
    if (wanted.length > LONGEST_NAME) return `A name has at most ${LONGEST_NAME} letters.`;
    const isTaken = wanted !== own && this.list.peek().some((group) => group.name === wanted);
    return isTaken ? `There is a group “${wanted}”: choose another name.` : null;
  }

  /** Adds groups; one with the name of another takes its place. */
  put(...groups: readonly Group[]): void {
    const byName = new Map([...this.list.peek(), ...groups].map((group) => [group.name, group]));
    this.list.value = [...byName.values()];
  }

  change(name: string, change: Partial<Group>): void {
    this.list.value = this.list
      .peek()
      .map((group) => (group.name === name ? { ...group, ...change } : group));
  }

  remove(name: string): void {
    this.list.value = this.list.peek().filter((group) => group.name !== name);
  }
}
