/** Keeps loaded values up to a number of bytes, and drops the least recently used first. */
export class ByteCache {
  readonly #entries = new Map<string, { value: Promise<unknown>; nbytes: number }>();
  #nbytes = 0;

  constructor(readonly limit: number) {}

  /** `load` runs at most once for a key at a time; failures are not cached. */
  get<T extends { byteLength: number }>(key: string, load: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value as Promise<T>;
    }
    const value = load();
    const entry = { value, nbytes: 0 };
    this.#entries.set(key, entry);
    value.then(
      (loaded) => {
        entry.nbytes = loaded.byteLength;
        this.#nbytes += entry.nbytes;
        this.#shrink(key);
      },
      () => this.#entries.delete(key),
    );
    return value;
  }

  #shrink(keep: string): void {
    for (const [key, entry] of this.#entries) {
      if (this.#nbytes <= this.limit) return;
      // Entries that are still loading have no size yet, and somebody is waiting for them.
      if (key === keep || entry.nbytes === 0) continue;
      this.#entries.delete(key);
      this.#nbytes -= entry.nbytes;
    }
  }
}
