import { signal } from '@preact/signals-core';
import { isAbort } from '../../../bytes/shared';
import type { Floats } from '../../../bytes/numbers';
import type { TranscriptNode, Transcripts } from '../../../bundle/tissue';

/** Requests at the same time, as browsers have of one host. */
const AT_ONCE = 6;
/** Points in memory, at most, apart from those that are drawn: eight bytes each. */
const KEPT_POINTS = 12_000_000;

/** Loads the nodes that are wanted, the upper ones first; aborts those that are not wanted any more. */
export class NodeLoader {
  readonly #loaded = new Map<TranscriptNode, Floats>();
  readonly #running = new Map<TranscriptNode, AbortController>();
  #waiting: TranscriptNode[] = [];
  #wanted = new Set<TranscriptNode>();
  #nPoints = 0;
  /** Changes whenever a node has been loaded. */
  readonly count = signal(0);

  constructor(
    readonly transcripts: Transcripts,
    readonly onError: (error: unknown) => void,
  ) {}

  get(node: TranscriptNode): Floats | undefined {
    return this.#loaded.get(node);
  }

  /** Whether everything that was wanted last is here. */
  get isDone(): boolean {
    return this.#waiting.length === 0 && this.#running.size === 0;
  }

  want(nodes: readonly TranscriptNode[]): void {
    this.#wanted = new Set(nodes);
    for (const [node, controller] of this.#running) if (!this.#wanted.has(node)) controller.abort();
    this.#waiting = nodes
      .filter((node) => !this.#loaded.has(node) && !this.#running.has(node))
      .sort((one, other) => one.depth - other.depth);
    this.#shrink();
    this.#next();
  }

  destroy(): void {
    this.want([]);
    this.#loaded.clear();
  }

  #next(): void {
    while (this.#running.size < AT_ONCE) {
      const node = this.#waiting.shift();
      if (!node) return;
      void this.#load(node);
    }
  }

  async #load(node: TranscriptNode): Promise<void> {
    const controller = new AbortController();
    this.#running.set(node, controller);
    try {
      const points = await this.transcripts.points(node, controller.signal);
      this.#loaded.set(node, points);
      this.#nPoints += node.n;
    } catch (error) {
      if (!isAbort(error)) {
        this.#waiting = [];
        this.onError(error);
      }
    } finally {
      if (this.#running.get(node) === controller) this.#running.delete(node);
      this.count.value++;
      this.#next();
    }
  }

  /** Forgets what is not wanted, that which was loaded first, if there is too much. */
  #shrink(): void {
    for (const node of this.#loaded.keys()) {
      if (this.#nPoints <= KEPT_POINTS) return;
      if (this.#wanted.has(node)) continue;
      this.#loaded.delete(node);
      this.#nPoints -= node.n;
    }
  }
}
