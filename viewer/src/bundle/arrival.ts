import * as v from 'valibot';
import { FileMissingError, UnreadableError } from '../bytes/errors';
import type { Bytes, Files, GetOptions, Range } from '../bytes/files';
import { readJson } from '../bytes/json';
import { check, Count } from './schema';

const PATH = 'progress.json';
const POLL_MS = 1000;

const ProgressSchema = v.object({ done: Count, total: Count, stage: v.string() });
export type Progress = v.InferOutput<typeof ProgressSchema>;

/**
 * A bundle that may still be on its way: what is missing is waited for as long as the server
 * says, by a `progress.json` beside it, that the export runs.
 */
export class ArrivingFiles implements Files {
  readonly where: string;
  readonly advice?: string;
  #progress: Progress | null = null;
  #looking: Promise<Progress | null> | null = null;
  #watching = false;
  readonly #listeners = new Set<(progress: Progress | null) => void>();

  constructor(
    readonly files: Files,
    readonly pollMs = POLL_MS,
  ) {
    this.where = files.where;
    this.advice = files.advice;
  }

  /** How far the export is; null where none is known to run. */
  get progress(): Progress | null {
    return this.#progress;
  }

  /** Told whenever `progress` changes, until the function that it gives back is called. */
  onProgress(listener: (progress: Progress | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get(path: string, options?: GetOptions): Promise<Bytes> {
    return this.waitFor(() => this.files.get(path, options));
  }

  range(path: string, range: Range): Promise<Bytes> {
    return this.waitFor(() => this.files.range(path, range));
  }

  /** Tries again and again while the export runs and `attempt` misses a file; and once more when it ended. */
  async waitFor<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof FileMissingError)) throw error;
        if ((await this.look()) === null) return attempt();
        await pause(this.pollMs);
      }
    }
  }

  /** Asks how far the export is, and goes on asking until it is done. */
  look(): Promise<Progress | null> {
    this.#looking ??= this.#ask().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #ask(): Promise<Progress | null> {
    const progress = await readProgress(this.files);
    if (progress !== this.#progress) {
      this.#progress = progress;
      for (const listener of this.#listeners) listener(progress);
    }
    if (progress && !this.#watching) {
      this.#watching = true;
      setTimeout(() => {
        this.#watching = false;
        this.look().catch(() => {
          // The server is gone; whoever waits for a file is told so by its own request.
        });
      }, this.pollMs);
    }
    return progress;
  }
}

async function readProgress(files: Files): Promise<Progress | null> {
  try {
    return check(ProgressSchema, await readJson(files, PATH), PATH);
  } catch (error) {
    if (error instanceof FileMissingError || error instanceof UnreadableError) return null;
    throw error;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
