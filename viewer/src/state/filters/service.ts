import type { Remote } from 'comlink';
import type { ColumnValues } from '../../bundle/bundle';
import type { Key } from './filter';
import { Masks, type Change, type Shown } from './masks';
import type { PageServices } from './page.worker';

/** Computes masks: at once in the page, or later in its worker. */
export interface MaskService {
  put(key: Key, values: ColumnValues): void;
  drop(key: Key): void;
  change(changes: readonly Change[]): Shown | Promise<Shown>;
}

/** With fewer cells, a change takes less than a millisecond. */
export const WORTH_A_WORKER = 200_000;

/** Starts a worker; null if there can be none. */
export type StartWorker = () => Promise<Remote<PageServices> | null>;

/** A service in the page for few cells, and in a worker for many, unless none can be started. */
export function openMasks(nCells: number, start?: StartWorker): MaskService | Promise<MaskService> {
  if (nCells < WORTH_A_WORKER || !start) return new Masks(nCells);
  return start().then((worker) => (worker ? new RemoteMasks(worker, nCells) : new Masks(nCells)));
}

/** Values are copied into the worker once for each filter; masks are handed over without a copy. */
class RemoteMasks implements MaskService {
  readonly #worker: Remote<PageServices>;
  /** A failure to copy values, which the next change reports. */
  #copied: Promise<unknown> = Promise.resolve();

  constructor(worker: Remote<PageServices>, nCells: number) {
    this.#worker = worker;
    this.#copied = worker.beginMasks(nCells);
  }

  put(key: Key, values: ColumnValues): void {
    this.#queue(this.#worker.putValues(key, values));
  }

  drop(key: Key): void {
    this.#queue(this.#worker.dropValues(key));
  }

  async change(changes: readonly Change[]): Promise<Shown> {
    await this.#copied;
    return this.#worker.changeMasks(changes);
  }

  #queue(sent: Promise<unknown>): void {
    this.#copied = Promise.all([this.#copied, sent]);
    // Reported by the next change.
    this.#copied.catch(() => {});
  }
}
