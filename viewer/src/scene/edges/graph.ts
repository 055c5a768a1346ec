import { computed, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { ViewerError } from '../../bytes/errors';
import type { Cells } from '../../state/selection/sets';
import type { SceneSession } from '../../state/drawing/scene_session';
import { neighboursOf, type Adjacency, type EdgePairs, type EdgeQuery } from './adjacency';
import type { Link } from './links';
import type { GraphAsk } from './graph.worker';
import GraphWorker from './graph.worker?worker&inline';

/** More lines than this are slow, and show nothing. */
export const MOST_EDGES = 2_000_000;

const REST_MS = 200;

interface Growing {
  readonly done: (grown: Cells) => void;
  readonly fail: (error: RangeError) => void;
}

type Sorted = Omit<Adjacency, 'targets'>;
type Reply =
  Sorted | (EdgePairs & { readonly ticket: number }) | { readonly grown: Cells; readonly order: number };

/** The edges of a session's graph to draw. Loads the graph when it is first needed. */
export class Graph {
  readonly #session: SceneSession;
  readonly #adjacency = signal<Adjacency | null>(null);
  readonly #stop: (() => void)[] = [];
  #worker: Worker | null = null;
  #loading: Promise<void> | null = null;
  /** Requests for neighbours that the worker has not answered. */
  readonly #growing = new Map<number, Growing>();
  #orders = 0;
  #ticket = 0;
  #query: EdgeQuery | null = null;
  #timer = 0;
  /** The wanted edges. If there are too many to draw, visible ones go first. */
  readonly #crowd = signal<{ readonly query: EdgeQuery; readonly total: number } | null>(null);
  /** Edges of many cells; null if only those of single cells are shown. */
  readonly pairs = signal<Uint32Array<ArrayBuffer> | null>(null);

  /** Edges from the hovered and the clicked cell to shown cells. */
  readonly links: ReadonlySignal<readonly Link[]> = computed(() => {
    const { overlays, hovered, pinned, filters } = this.#session;
    const adjacency = this.#adjacency.value;
    if (!adjacency || overlays.edges.value === 'none') return [];
    const mask = filters.mask.value;
    const cells = new Set([pinned.value, hovered.value?.cell ?? null]);
    return [...cells].flatMap((from) => {
      if (from === null || mask?.[from] === 0) return [];
      const ends = neighboursOf(adjacency, from).filter((to) => !mask || mask[to] !== 0);
      return ends.map((to) => ({ from, to }));
    });
  });

  constructor(
    session: SceneSession,
    /** One byte per cell: whether it is in the window. Changes with the view. */
    readonly inView: ReadonlySignal<() => Uint8Array | null>,
  ) {
    this.#session = session;
    if (!session.bundle.graph) return;
    this.#stop.push(
      effect(() => {
        if (this.#isNeeded()) void this.#load();
      }),
      effect(() => this.#askForPairs()),
      effect(() => this.#askForView()),
    );
  }

  destroy(): void {
    for (const stop of this.#stop) stop();
    clearTimeout(this.#timer);
    this.#worker?.terminate();
  }

  #isNeeded(): boolean {
    const { overlays, hovered, pinned } = this.#session;
    const mode = overlays.edges.value;
    if (mode === 'pointed') return hovered.value !== null || pinned.value !== null;
    return mode !== 'none';
  }

  /** The shown cells that at most so many edges lead to from some others; null if there is no graph. */
  async neighbours(cells: Cells, hops: number): Promise<Cells | null> {
    await this.#load();
    if (!this.#adjacency.peek()) return null;
    const order = ++this.#orders;
    return new Promise((done, fail) => {
      this.#growing.set(order, { done, fail });
      this.#tell({ growth: { cells, hops, mask: this.#session.filters.mask.peek() }, order });
    });
  }

  #load(): Promise<void> {
    return (this.#loading ??= this.#loadOnce());
  }

  async #loadOnce(): Promise<void> {
    const { bundle } = this.#session;
    await this.#session.during('edges', `Loading ${bundle.graph!.label}`, async () => {
      try {
        const edges = await bundle.edges();
        const worker = (this.#worker = new GraphWorker());
        const sorted = await new Promise<Sorted>((done, fail) => {
          worker.onmessage = ({ data }: MessageEvent<Sorted>) => done(data);
          worker.onerror = (event) => {
            event.preventDefault();
            fail(
              new ViewerError(
                `The neighbour graph is damaged: ${event.message}.`,
                'Export the bundle again.',
              ),
            );
          };
          this.#tell({ edges, nCells: bundle.nCells });
        });
        worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#hear(data);
        worker.onerror = (event) => this.#failGrowing(event);
        this.#adjacency.value = { ...sorted, targets: edges.targets };
      } catch (error) {
        // Let the next choice request the graph again.
        this.#loading = null;
        this.#session.overlays.edges.value = 'none';
        throw error;
      }
    });
  }

  /** Of what else fails in the worker, nothing waits for an answer. */
  #failGrowing(event: ErrorEvent): void {
    event.preventDefault();
    for (const { fail } of this.#growing.values()) fail(new RangeError(event.message));
    this.#growing.clear();
  }

  #askForPairs(): void {
    const { overlays, filters, selection } = this.#session;
    const mode = overlays.edges.value;
    const many = mode === 'all' || mode === 'selected';
    this.#crowd.value = null;
    this.#ticket++;
    if (!many || !this.#adjacency.value) {
      this.pairs.value = null;
      overlays.edgesDrawn.value = null;
      return;
    }
    const among = mode === 'selected' ? selection.cells.value : null;
    const query: EdgeQuery = { mask: filters.mask.value, among, seen: null, cap: MOST_EDGES };
    this.#query = query;
    this.#tell({ query, ticket: this.#ticket });
  }

  /** Asks again when the view is at rest, for the edges in it. */
  #askForView(): void {
    const crowd = this.#crowd.value;
    const inView = this.inView.value;
    clearTimeout(this.#timer);
    if (!crowd) return;
    this.#timer = window.setTimeout(() => {
      this.#tell({ query: { ...crowd.query, seen: inView() }, ticket: ++this.#ticket });
    }, REST_MS);
  }

  #tell(ask: GraphAsk): void {
    this.#worker?.postMessage(ask);
  }

  #hear(reply: Reply): void {
    if ('grown' in reply) {
      this.#growing.get(reply.order)?.done(reply.grown);
      this.#growing.delete(reply.order);
      return;
    }
    // Ignore the reply to an outdated request.
    if (!('ticket' in reply) || reply.ticket !== this.#ticket) return;
    this.pairs.value = reply.pairs;
    const { edgesDrawn } = this.#session.overlays;
    const drawn = reply.pairs.length / 2;
    const crowd = this.#crowd.peek();
    edgesDrawn.value = { drawn, inView: crowd && reply.total, total: crowd?.total ?? reply.total };
    if (!crowd && reply.total > drawn) this.#crowd.value = { query: this.#query!, total: reply.total };
  }
}
