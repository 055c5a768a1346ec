import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import { andList } from '../lists/find_name';

/** A value of the past, in a form that takes little memory. */
export interface Kept {
  /** Arrays that it keeps in memory; others may keep them, too. */
  readonly holds: readonly { readonly byteLength: number }[];
  /** Shows the value again; false if that failed, or something else was chosen meanwhile. */
  restore(): boolean | Promise<boolean>;
}

/** A part of the state whose changes can be undone. */
export interface Part {
  /** For people, such as `the selection`. */
  readonly name: string;
  /** Whether it changes in many small steps, as by a slider: those in quick succession are undone together. */
  readonly isGradual?: boolean;
  /** A change of this value, by identity, is a step. */
  readonly value: ReadonlySignal<unknown>;
  keep(): Kept;
}

interface State {
  readonly kept: readonly Kept[];
  /** What changed the state before: a named step, or the names of its parts. */
  readonly changed: string;
  readonly at: number;
}

const MOST_STATES = 100;
const MOST_BYTES = 64 * 2 ** 20;
const QUICK_MS = 1000;

/** The last states, to go back to. Parts that did not change are shared by states. */
export class History {
  readonly #states = signal<readonly State[]>([]);
  readonly #at = signal(0);
  #values: unknown[] = [];
  /** Greater than zero while several changes are one step. */
  #holding = 0;
  #queue: Promise<unknown> = Promise.resolve();

  /** What undoing would change; null if there is nothing to undo. */
  readonly undoes: ReadonlySignal<string | null> = computed(() =>
    this.#at.value > 0 ? this.#states.value[this.#at.value].changed : null,
  );
  readonly redoes: ReadonlySignal<string | null> = computed(
    () => this.#states.value[this.#at.value + 1]?.changed ?? null,
  );

  constructor(
    readonly parts: readonly Part[],
    readonly now: () => number = () => performance.now(),
    readonly mostBytes = MOST_BYTES,
  ) {}

  /** Takes the present state as the first one, and follows all changes from then on. */
  begin(): void {
    if (this.#states.peek().length > 0) return;
    this.#values = this.parts.map(({ value }) => value.peek());
    const kept = this.parts.map((part) => part.keep());
    this.#states.value = [{ kept, changed: '', at: this.now() }];
    effect(() => {
      for (const { value } of this.parts) void value.value;
      untracked(() => this.#record());
    });
  }

  /** Makes all changes of some work one step, which may have a name of its own. */
  async step(work: () => Promise<void>, name?: string): Promise<void> {
    this.#holding++;
    try {
      await work();
    } finally {
      this.#holding--;
      this.#record(name);
    }
  }

  undo(): Promise<string | null> {
    return this.#go(-1);
  }

  redo(): Promise<string | null> {
    return this.#go(1);
  }

  /** Number of states and their bytes, for tests. */
  get size(): { readonly states: number; readonly nbytes: number } {
    const states = this.#states.peek();
    return { states: states.length, nbytes: nbytesOf(states) };
  }

  #record(name?: string): void {
    const states = this.#states.peek();
    if (this.#holding > 0 || states.length === 0) return;
    const at = this.#at.peek();
    const changed = this.parts.filter(({ value }, index) => value.peek() !== this.#values[index]);
    if (changed.length === 0) return;
    const before = states[at];
    const kept = this.parts.map((part, index) => (changed.includes(part) ? part.keep() : before.kept[index]));
    this.#values = this.parts.map(({ value }) => value.peek());
    const what = name ?? andList(changed.map((part) => part.name));
    const next = { kept, changed: what, at: this.now() };
    const isMore =
      at > 0 &&
      at === states.length - 1 &&
      changed.every(({ isGradual }) => isGradual) &&
      next.changed === before.changed &&
      next.at - before.at < QUICK_MS;
    const all = [...states.slice(0, isMore ? at : at + 1), next];
    while (all.length > 2 && (all.length > MOST_STATES || nbytesOf(all) > this.mostBytes)) all.shift();
    this.#states.value = all;
    this.#at.value = all.length - 1;
  }

  /** Goes to the state before or after, one after another. Returns what changed; null if there is no such state. */
  #go(step: 1 | -1): Promise<string | null> {
    const turn = this.#queue.then(() => this.#restore(step));
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async #restore(step: 1 | -1): Promise<string | null> {
    const [at, states] = [this.#at.peek(), this.#states.peek()];
    const target = states[at + step] as State | undefined;
    if (!target) return null;
    const now = states[at];
    const reached = [...target.kept];
    this.#holding++;
    try {
      for (const [index, part] of this.parts.entries()) {
        if (target.kept[index] === now.kept[index]) continue;
        const isRestored = await target.kept[index].restore();
        this.#values[index] = part.value.peek();
        if (!isRestored) reached[index] = part.keep();
      }
    } finally {
      this.#holding--;
    }
    this.#states.value = states.with(at + step, { ...target, kept: reached });
    this.#at.value = at + step;
    // What was chosen meanwhile is a step of its own.
    this.#record();
    return (step < 0 ? now : target).changed;
  }
}

/** Bytes in memory for the sake of the past: not those of the last state. */
function nbytesOf(states: readonly State[]): number {
  const heldBy = (some: readonly State[]) => some.flatMap(({ kept }) => kept.flatMap(({ holds }) => holds));
  const held = new Set(heldBy(states));
  for (const each of heldBy(states.slice(-1))) held.delete(each);
  let sum = 0;
  for (const { byteLength } of held) sum += byteLength;
  return sum;
}
