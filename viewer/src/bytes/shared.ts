/** Whether an error only says that nobody waits for the result any more. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

type Load<T> = (signal: AbortSignal) => Promise<T>;

/** A load that several callers may wait for. It is aborted when the last of them gives up. */
export class SharedLoad<T> {
  readonly value: Promise<T>;
  readonly #controller = new AbortController();
  #nWaiting = 0;

  constructor(load: Load<T>) {
    this.value = load(this.#controller.signal);
  }

  /** Whether everybody gave up. Whatever becomes of it, a later caller has to load anew. */
  get isAborted(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Waits until the signal is aborted; without a signal, to the end. */
  wait(signal?: AbortSignal): Promise<T> {
    this.#nWaiting++;
    if (!signal) return this.value;
    return new Promise((done, fail) => {
      const giveUp = () => {
        fail(signal.reason as Error);
        if (--this.#nWaiting === 0) this.#controller.abort(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.value.then(done, fail).finally(() => signal.removeEventListener('abort', giveUp));
    });
  }
}

/** A value that is loaded when it is first wanted, and then kept. A load that fails or is aborted begins anew. */
export class Once<T> {
  #shared: SharedLoad<T> | null = null;

  constructor(readonly load: Load<T>) {}

  async get(signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    let shared = this.#shared;
    if (!shared || shared.isAborted) {
      const begun = (this.#shared = shared = new SharedLoad(this.load));
      begun.value.catch(() => {
        if (this.#shared === begun) this.#shared = null;
      });
    }
    return shared.wait(signal);
  }
}

/** Loads of which only the latest is wanted. */
export class Latest {
  #controller = new AbortController();

  /** Starts `work`, and aborts what was started before: after that, as both may wait for the same values. */
  run<T>(work: Load<T>): Promise<T> {
    const before = this.#controller;
    this.#controller = new AbortController();
    const begun = work(this.#controller.signal);
    before.abort();
    return begun;
  }

  abort(): void {
    this.#controller.abort();
  }
}

/** Runs `work` with a signal that is aborted with either of two. */
export async function abortedByEither<T>(
  one: AbortSignal,
  other: AbortSignal | undefined,
  work: Load<T>,
): Promise<T> {
  one.throwIfAborted();
  if (!other) return work(one);
  other.throwIfAborted();
  const either = new AbortController();
  const both = [one, other].map((signal) => ({ signal, stop: () => either.abort(signal.reason) }));
  for (const { signal, stop } of both) signal.addEventListener('abort', stop);
  try {
    return await work(either.signal);
  } finally {
    for (const { signal, stop } of both) signal.removeEventListener('abort', stop);
  }
}
