import * as v from 'valibot';
import { FileMissingError, UnreadableError, ViewerError } from '../../bytes/errors';
import type { Bytes, Files, GetOptions, Range } from '../../bytes/files';
import { readJson } from '../../bytes/json';
import { check, Count } from '../schema';

const PATH = 'progress.json';
const POLL_MS = 1000;
/** An export without progress for this long may have been interrupted. */
export const STALLED_MINUTES = 10;
/** A still export is polled this many times less often. */
const STALLED_POLLS = 10;

const ProgressSchema = v.object({ done: Count, total: Count, stage: v.string() });
export type Progress = v.InferOutput<typeof ProgressSchema>;

/**
 * A bundle whose export may still run: a missing file is waited for as long as the server
 * says, by a `progress.json` beside it, that the export runs.
 */
export class LiveFiles implements Files {
  readonly where: string;
  readonly advice?: string;
  #progress: Progress | null = null;
  #looking: Promise<Progress | null> | null = null;
  #watching = false;
  /** How long there has been no progress, and when that was checked. */
  #stalledMs = 0;
  #askedAt = 0;
  readonly #listeners = new Set<(progress: Progress | null) => void>();

  constructor(
    readonly files: Files,
    readonly pollMs = POLL_MS,
    readonly mostStalledMs = STALLED_MINUTES * 60_000,
  ) {
    this.where = files.where;
    this.advice = files.advice;
  }

  /** Progress of the export; null if none is known to run. */
  get progress(): Progress | null {
    return this.#progress;
  }

  /** Whether the export claims to run, but has made no progress for a long time. */
  get isStalled(): boolean {
    return this.#progress !== null && this.#stalledMs >= this.mostStalledMs;
  }

  /** Calls the listener whenever `progress` changes, until the returned function is called. */
  onProgress(listener: (progress: Progress | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get(path: string, options?: GetOptions): Promise<Bytes> {
    return this.waitFor(() => this.files.get(path, options), options?.signal);
  }

  range(path: string, range: Range, options?: Pick<GetOptions, 'signal'>): Promise<Bytes> {
    return this.waitFor(() => this.files.range(path, range, options), options?.signal);
  }

  /** Retries while the export makes progress and `attempt` misses a file; and once more after its end. */
  async waitFor<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof FileMissingError)) throw error;
        const progress = await this.look();
        signal?.throwIfAborted();
        if (progress === null) return attempt();
        if (this.isStalled) throw hasStopped(error);
        await pause(this.pollMs, signal);
      }
    }
  }

  /** Asks for the progress of the export, and keeps asking until it is done. */
  look(): Promise<Progress | null> {
    this.#looking ??= this.#ask().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #ask(): Promise<Progress | null> {
    const progress = await readProgress(this.files);
    this.#timeSince(progress);
    if (progress !== this.#progress) {
      this.#progress = progress;
      for (const listener of this.#listeners) listener(progress);
    }
    if (progress && !this.#watching) {
      this.#watching = true;
      setTimeout(
        () => {
          this.#watching = false;
          this.look().catch(() => {
            // The server is gone; a pending request for a file fails by itself.
          });
        },
        this.pollMs * (this.isStalled ? STALLED_POLLS : 1),
      );
    }
    return progress;
  }

  #timeSince(progress: Progress | null): void {
    const now = performance.now();
    const before = this.#progress;
    const hasMoved = !progress || !before || progress.done > before.done || progress.stage !== before.stage;
    // A tab that slept did not watch in the meantime.
    const passed = Math.min(now - this.#askedAt, this.pollMs * STALLED_POLLS * 2);
    this.#stalledMs = hasMoved ? 0 : this.#stalledMs + passed;
    this.#askedAt = now;
  }
}

/** Polls progress at once only if the first file says that the export may run, else when a file is missing. */
export async function liveFiles(files: Files, json: unknown): Promise<LiveFiles> {
  const wrapped = new LiveFiles(files);
  if (mayStillRun(json)) await wrapped.look();
  return wrapped;
}

/** Whether the first file of a bundle says that its export may still run. */
export function mayStillRun(json: unknown): boolean {
  return v.is(v.object({ progress: v.string() }), json);
}

function hasStopped(missing: FileMissingError): ViewerError {
  return new ViewerError(
    `The file ${missing.path} is not written yet, and the export has made no progress for ${STALLED_MINUTES} minutes.`,
    'If the export still runs, try again later; if it was interrupted, run the same command with --resume.',
    { cause: missing },
  );
}

async function readProgress(files: Files): Promise<Progress | null> {
  try {
    return check(ProgressSchema, await readJson(files, PATH), PATH);
  } catch (error) {
    if (error instanceof FileMissingError || error instanceof UnreadableError) return null;
    throw error;
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) fail(signal.reason as Error);
      else done();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
