import { SharedLoad } from './shared';

interface Entry {
  readonly load: SharedLoad<unknown>;
  nbytes: number;
}

/** Keeps loaded values up to a number of bytes, and drops the least recently used first. */
export class ByteCache {
  readonly #entries = new Map<string, Entry>();
  #nbytes = 0;

  constructor(readonly limit: number) {}

  /**
   * `load` runs at most once for a key at a time. It is aborted when all who wait for it have given up.
   * Failures and aborted loads are not cached.
   */
  async get<T extends { byteLength: number }>(
    key: string,
    load: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    signal?.throwIfAborted();
    const known = this.#entries.get(key);
    const entry = known && !known.load.isAborted ? known : this.#begin(key, load);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return (entry.load as SharedLoad<T>).wait(signal);
  }

  #begin<T extends { byteLength: number }>(key: string, load: (signal: AbortSignal) => Promise<T>): Entry {
    const shared = new SharedLoad(load);
    const entry: Entry = { load: shared, nbytes: 0 };
    // An aborted load ends when another one may have taken its place already.
    const isCurrent = () => this.#entries.get(key) === entry;
    shared.value.then(
      (loaded) => {
        if (!isCurrent()) return;
        entry.nbytes = loaded.byteLength;
        this.#nbytes += entry.nbytes;
        this.#shrink(key);
      },
      () => isCurrent() && this.#entries.delete(key),
    );
    return entry;
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
