import type { Bytes, Files, GetOptions, Range } from '../src/bytes/files';

/** Files that answer some requests, and leave the rest waiting until they are aborted. */
export class SlowFiles implements Files {
  readonly where = 'a slow host';
  readonly advice = 'Wait.';
  /** How many of the next requests are answered. */
  answers = Infinity;
  readonly #waiting = new Map<object, { readonly path: string; readonly answer: () => void }>();

  constructor(readonly files: Files) {}

  get(path: string, options?: GetOptions): Promise<Bytes> {
    return this.#after(path, options?.signal, () => this.files.get(path, options));
  }

  range(path: string, range: Range, options?: GetOptions): Promise<Bytes> {
    const name = 'suffixLength' in range ? `the end of ${path}` : path;
    return this.#after(name, options?.signal, () => this.files.range(path, range));
  }

  /** Paths of requests that have no answer. */
  get waiting(): readonly string[] {
    return [...this.#waiting.values()].map(({ path }) => path);
  }

  /** Answers what waits, and what comes. */
  release(): void {
    this.answers = Infinity;
    for (const { answer } of this.#waiting.values()) answer();
    this.#waiting.clear();
  }

  #after(path: string, signal: AbortSignal | undefined, read: () => Promise<Bytes>): Promise<Bytes> {
    if (this.answers-- > 0) return read();
    const request = {};
    return new Promise((done, fail) => {
      this.#waiting.set(request, { path, answer: () => void read().then(done, fail) });
      signal?.addEventListener('abort', () => {
        if (this.#waiting.delete(request)) fail(signal.reason as Error);
      });
    });
  }
}

/** Time for everything that waits for nothing. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((done) => setTimeout(done, 0));
}
