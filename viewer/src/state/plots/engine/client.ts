import type { Remote } from 'comlink';
import { Once } from '../../../bytes/shared';
import type { StartWorker } from '../../filters/service';
import { engine, type Engine, type VectorKey } from './engine';
import type { Vector } from './vectors';

/** Where a vector comes from. */
export interface Source {
  /** The same for the same values. */
  readonly key: VectorKey;
  load(signal: AbortSignal): Promise<Vector>;
}

export type AnyEngine = Engine | Remote<Engine>;

/** Names what a plot needs. */
export function needsOf(sources: readonly Source[]): string {
  return sources.map(({ key }) => key).join('\n');
}

/** Hands vectors to the engine, each once, and drops those that no plot uses any more. */
export class EngineClient {
  readonly #start: StartWorker | undefined;
  #engine: Promise<AnyEngine> | null = null;
  /** Plots side by side may wait for the same vector: one that gives up takes it from none. */
  readonly #handed = new Map<VectorKey, Once<void>>();
  /** By plot, the vectors that it uses. */
  readonly #used = new Map<string, readonly VectorKey[]>();

  constructor(start?: StartWorker) {
    this.#start = start;
  }

  /** Whether nothing must be loaded for a plot. */
  hasAll(sources: readonly Source[]): boolean {
    return sources.every(({ key }) => this.#handed.has(key));
  }

  /** The engine, once it has the vectors of a plot. */
  async with(plot: string, sources: readonly Source[], signal: AbortSignal): Promise<AnyEngine> {
    const ready = await (this.#engine ??= this.#open());
    const keys = sources.map(({ key }) => key);
    this.#used.set(plot, keys);
    await Promise.all(sources.map((source) => this.#hand(ready, source, signal)));
    const used = new Set([...this.#used.values()].flat());
    for (const key of this.#handed.keys()) {
      if (used.has(key)) continue;
      this.#handed.delete(key);
      void ready.dropVector(key);
    }
    return ready;
  }

  #hand(ready: AnyEngine, source: Source, signal: AbortSignal): Promise<void> {
    const { key } = source;
    let handed = this.#handed.get(key);
    if (!handed) {
      handed = new Once(async (either) => {
        try {
          await ready.putVector(key, await source.load(either));
        } catch (error) {
          // Another time it may succeed. What was aborted may have begun anew by now.
          if (!either.aborted) this.#handed.delete(key);
          throw error;
        }
      });
      this.#handed.set(key, handed);
    }
    return handed.get(signal);
  }

  async #open(): Promise<AnyEngine> {
    const worker = (await this.#start?.()) ?? null;
    if (!worker) return engine();
    await worker.beginPlots();
    return worker;
  }
}
