import { signal } from '@preact/signals-core';
import type { GeneTable } from '../../bundle/bundle';
import type { GeneSet } from '../../bundle/statistics';

/** Genes with a name. */
export interface GeneList {
  readonly name: string;
  readonly genes: readonly number[];
}

/** Longer names would not fit on the page. */
export const LONGEST_NAME = 200;
const MOST_RECENT = 12;

/** The user's lists of genes, the sets of the bundle, and the genes that coloured the cells last. */
export class GeneLists {
  /** In the order in which they were made. Their names are unique. */
  readonly list = signal<readonly GeneList[]>([]);
  /** The sets of the bundle, once loaded. */
  readonly sets = signal<readonly GeneSet[]>([]);
  /** The name of the list or set that is looked at; null for none. */
  readonly chosen = signal<string | null>(null);
  /** The latest first. */
  readonly recent = signal<readonly number[]>([]);
  /** The names of the genes, once loaded. */
  readonly table = signal<GeneTable | null>(null);

  /** A list of the user, or else a set, with a name. */
  find(name: string | null): GeneList | GeneSet | null {
    const has = (each: GeneList) => each.name === name;
    return this.list.value.find(has) ?? this.sets.value.find(has) ?? null;
  }

  freeName(): string {
    const taken = new Set(this.list.peek().map(({ name }) => name));
    let number = taken.size + 1;
    while (taken.has(`List ${number}`)) number++;
    return `List ${number}`;
  }

  /** Why a list cannot have a name; null if it can. `own` is the name that it has. */
  whyNot(name: string, own: string | null = null): string | null {
    const wanted = name.trim();
    if (wanted === '') return 'A gene list must have a name.';
    if (wanted.length > LONGEST_NAME) return `A name has at most ${LONGEST_NAME} letters.`;
    const has = (each: GeneList) => each.name === wanted;
    const isTaken = wanted !== own && (this.list.peek().some(has) || this.sets.peek().some(has));
    return isTaken ? `There is a gene list “${wanted}”: choose another name.` : null;
  }

  /** Adds a list, or puts it in the place of the one with the name `own`. */
  put(list: GeneList, own: string | null = null): void {
    const all = this.list.peek();
    const at = all.findIndex(({ name }) => name === (own ?? list.name));
    // A link that is followed again changes nothing.
    if (at >= 0 && JSON.stringify(all[at]) === JSON.stringify(list)) return;
    this.list.value = at < 0 ? [...all, list] : all.with(at, list);
  }

  remove(name: string): void {
    this.list.value = this.list.peek().filter((each) => each.name !== name);
  }

  /** Remembers genes that were used. */
  note(genes: readonly number[]): void {
    const all = [...new Set([...genes, ...this.recent.peek()])].slice(0, MOST_RECENT);
    if (all.join() !== this.recent.peek().join()) this.recent.value = all;
  }
}
