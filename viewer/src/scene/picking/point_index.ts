import KDBush from 'kdbush';
import IndexWorker from './index.worker?worker&inline';

/** Finds the cell at a position. Reading back picked pixels is slower with millions of points. */
export class PointIndex {
  #index: KDBush | null = null;
  #positions: Float32Array | null = null;
  #dims = 2;
  #worker: Worker | null = null;

  /** Starts to index and calls `onReady` when done. Until then nothing is found. */
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

  /** The nearest shown cell within a radius, in the embedding's units; null where there is none. */
  nearest(x: number, y: number, radius: number, mask: Uint8Array | null): number | null {
    if (!this.#index || !this.#positions) return null;
    let best: number | null = null;
    let bestDistance = Infinity;
    for (const cell of this.#index.within(x, y, radius)) {
      if (mask && mask[cell] === 0) continue;
      const dx = this.#positions[cell * this.#dims] - x;
      const dy = this.#positions[cell * this.#dims + 1] - y;
      const distance = dx * dx + dy * dy;
      // Of two on one spot the later one is drawn on top.
      if (distance <= bestDistance) {
        bestDistance = distance;
        best = cell;
      }
    }
    return best;
  }

  destroy(): void {
    this.#worker?.terminate();
  }
}
