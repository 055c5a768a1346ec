import { signal } from '@preact/signals-core';

/** Milliseconds before tiles that failed are asked for again; after the last one, only if the user wishes. */
const DELAYS = [2_000, 5_000, 15_000, 60_000];

/** The tiles that could not be loaded, which are asked for again, ever more rarely. */
export class TileFailures {
  /** Since they were last asked for. */
  readonly count = signal(0);
  /** Why the last one failed. */
  readonly error = signal<unknown>(null);
  /** Counts how often they were asked for again. */
  readonly attempt = signal(0);
  /** Whether they will be asked for again without the user. */
  readonly isWaiting = signal(false);
  #nDelays = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Notes a tile. Returns whether the user has not heard of it yet. */
  note(error: unknown): boolean {
    const isFirst = this.error.peek() === null;
    this.count.value++;
    this.error.value = error;
    if (!this.isWaiting.peek() && this.#nDelays < DELAYS.length) {
      this.#timer = setTimeout(() => this.#again(), DELAYS[this.#nDelays++]);
      this.isWaiting.value = true;
    }
    return isFirst;
  }

  /** Asks for them at once. */
  readonly retry = (): void => {
    this.#nDelays = 0;
    this.error.value = null;
    this.#again();
  };

  #again(): void {
    clearTimeout(this.#timer);
    this.isWaiting.value = false;
    this.count.value = 0;
    this.attempt.value++;
  }
}
