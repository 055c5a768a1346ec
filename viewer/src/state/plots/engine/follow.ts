import { effect, untracked, type ReadonlySignal } from '@preact/signals-core';

/** Does work, and says meanwhile what is being loaded; null if nothing is. Shows what fails. */
export type Report = (what: string | null, work: () => Promise<void>) => Promise<void>;

/**
 * Computes something whenever what is wanted changes, until the returned function is called. One at a time: what is
 * wanted meanwhile waits, and only the last of it is computed. The signal ends loads that it does not need.
 */
export function follow<T extends { readonly needs: string }>(
  wanted: ReadonlySignal<T | null>,
  compute: (wanted: T | null, signal: AbortSignal) => Promise<void>,
): () => void {
  let running: { readonly needs: string | undefined; readonly loading: AbortController } | null = null;
  let [isStale, isStopped] = [false, false];
  const run = async () => {
    do {
      isStale = false;
      const next = wanted.peek();
      running = { needs: next?.needs, loading: new AbortController() };
      await compute(next, running.loading.signal);
    } while (isStale && !isStopped);
    running = null;
  };
  const stop = effect(() => {
    const next = wanted.value;
    untracked(() => {
      if (!running) return void run();
      isStale = true;
      if (next?.needs !== running.needs) running.loading.abort();
    });
  });
  return () => {
    isStopped = true;
    running?.loading.abort();
    stop();
  };
}

/** Work whose failure is no news once it is no longer wanted. */
export async function unlessAborted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
