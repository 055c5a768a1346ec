import KDBush from 'kdbush';
import IndexWorker from './index.worker?worker&inline';

/** The discs of the cells, as drawn. */
export interface Discs {
  radiusOf(cell: number): number;
  /** Whether one cell is drawn after another. */
  isOver(cell: number, other: number): boolean;
}

/** Finds the cell at a position. With millions of points this is faster than deck.gl's picking by pixels. */
export class PointIndex {
  #index: KDBush | null = null;
  #positions: Float32Array | null = null;
  #dims = 2;
  #worker: Worker | null = null;

  /** Starts to build the index and calls `onReady` when done. Until then nothing is found. */
  build(positions: Float32Array, dims: number, onReady: () => void): void {
    this.#worker?.terminate();
    this.#index = null;
    this.#positions = positions;
    this.#dims = dims;
    if (positions.length === 0) return;
    const worker = new IndexWorker();
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      this.#index = KDBush.from(data);
      worker.terminate();
      onReady();
    };
    worker.postMessage({ positions, dims });
  }

  /**
   * The shown cell at a position: the one drawn last among those whose disc covers it, else
   * the nearest one within reach. Lengths are in the embedding's units. Null if there is none.
   */
  find(x: number, y: number, reach: number, mask: Uint8Array | null, discs: Discs): number | null {
    if (!this.#index || !this.#positions) return null;
    let top: number | null = null;
    let nearest: number | null = null;
    let least = Infinity;
    for (const cell of this.#index.within(x, y, reach)) {
      if (mask && mask[cell] === 0) continue;
      const dx = this.#positions[cell * this.#dims] - x;
      const dy = this.#positions[cell * this.#dims + 1] - y;
      const distance = dx * dx + dy * dy;
      if (distance <= discs.radiusOf(cell) ** 2 && (top === null || discs.isOver(cell, top))) top = cell;
      if (distance < least) {
        least = distance;
        nearest = cell;
      }
    }
    return top ?? nearest;
  }

  destroy(): void {
    this.#worker?.terminate();
  }
}
