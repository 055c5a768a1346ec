import { signal, type ReadonlySignal } from '@preact/signals-core';
import { isAbort } from '../../../bytes/shared';
import type { ShapeSet, ShapeTile } from '../../../bundle/tissue';
import { geometryOf, type ShapeGeometry } from './geometry';

/** Tiles that are not in view are dropped beyond this, the least recently used first. */
const MOST_NBYTES = 160 * 2 ** 20;
const AT_ONCE = 4;

/** Loads the tiles of a set that are in view, and keeps some of those that were. */
export class TileStore {
  /** By the number of the tile, the least recently used first. A new map when some have arrived. */
  readonly tiles: ReadonlySignal<ReadonlyMap<number, ShapeGeometry>>;
  readonly #tiles = signal<ReadonlyMap<number, ShapeGeometry>>(new Map());
  readonly #loading = new Map<number, AbortController>();
  readonly #failed = new Set<number>();
  #wanted: readonly ShapeTile[] = [];

  constructor(
    readonly set: ShapeSet,
    private readonly onError: (error: unknown) => void,
  ) {
    this.tiles = this.#tiles;
  }

  /** Loads what is missing; requests for tiles that are no longer wanted end. */
  want(tiles: readonly ShapeTile[]): void {
    this.#wanted = tiles;
    const numbers = new Set(tiles.map(({ number }) => number));
    for (const [number, request] of this.#loading) if (!numbers.has(number)) request.abort();
    this.#loadSome();
  }

  destroy(): void {
    this.want([]);
  }

  #loadSome(): void {
    for (const tile of this.#wanted) {
      if (this.#loading.size >= AT_ONCE) return;
      const { number } = tile;
      const isKnown = this.#tiles.peek().has(number) || this.#loading.has(number) || this.#failed.has(number);
      if (!isKnown) void this.#load(tile);
    }
  }

  async #load(tile: ShapeTile): Promise<void> {
    const request = new AbortController();
    this.#loading.set(tile.number, request);
    try {
      this.#keep(tile.number, geometryOf(await this.set.shapes(tile, request.signal)));
    } catch (error) {
      if (!isAbort(error)) {
        this.#failed.add(tile.number);
        this.onError(error);
      }
    }
    this.#loading.delete(tile.number);
    this.#loadSome();
  }

  #keep(number: number, geometry: ShapeGeometry): void {
    const wanted = new Set(this.#wanted.map((each) => each.number));
    const before = [...this.#tiles.peek()];
    // Those in view are the last to go.
    const kept = new Map([
      ...before.filter(([each]) => !wanted.has(each)),
      ...before.filter(([each]) => wanted.has(each)),
      [number, geometry] as const,
    ]);
    let nBytes = [...kept.values()].reduce((sum, each) => sum + each.byteLength, 0);
    for (const [each, { byteLength }] of kept) {
      if (nBytes <= MOST_NBYTES || wanted.has(each) || each === number) break;
      kept.delete(each);
      nBytes -= byteLength;
    }
    this.#tiles.value = kept;
  }
}
