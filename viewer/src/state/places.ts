import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle, EmbeddingInfo, OnProgress } from '../bundle/bundle';
import type { Floats } from '../bytes/numbers';

/** The embedding that is drawn. */
export interface Place {
  readonly index: number;
  readonly info: EmbeddingInfo;
  /** float32 `(nCells, dims)`, relative to `info.origin`. */
  readonly positions: Floats;
}

/** Where the camera looks: relative to the embedding's origin, and log2 of pixels a unit. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const FIT_MARGIN = 28;
/** How far the camera may go from the fit, in halvings: float32 ends at about 24. */
const ZOOM_OUT = 3;
const ZOOM_IN = 18;

export class Places {
  readonly wanted = signal(0);
  readonly place = signal<Place | null>(null);
  /** Null: as far as all cells fit, whatever the window's size. */
  readonly moved = signal<Camera | null>(null);
  readonly size = signal<Size>({ width: 0, height: 0 });

  readonly fit: ReadonlySignal<Camera | null> = computed(() => {
    const place = this.place.value;
    return place && fitCamera(place.info, this.size.value);
  });
  readonly camera: ReadonlySignal<Camera | null> = computed(() => this.moved.value ?? this.fit.value);

  constructor(readonly bundle: Bundle) {}

  async choose(index: number, onProgress?: OnProgress): Promise<void> {
    this.wanted.value = index;
    const positions = await this.bundle.coordinates(index, onProgress);
    if (this.wanted.peek() !== index) return;
    this.moved.value = null;
    this.place.value = { index, info: this.bundle.embeddings[index], positions };
  }

  /** How near and how far the camera may go. */
  readonly zoomRange: ReadonlySignal<readonly [number, number]> = computed(() => {
    const zoom = this.fit.value?.zoom ?? 0;
    return [zoom - ZOOM_OUT, zoom + ZOOM_IN];
  });

  move(camera: Camera): void {
    if (!this.fit.peek()) return;
    const [farthest, nearest] = this.zoomRange.peek();
    const zoom = Math.min(nearest, Math.max(farthest, camera.zoom));
    this.moved.value = { x: camera.x, y: camera.y, zoom };
  }

  reset(): void {
    this.moved.value = null;
  }
}

export function fitCamera(info: EmbeddingInfo, size: Size): Camera {
  const [width, height] = [0, 1].map((axis) => info.maximum[axis] - info.minimum[axis]);
  const [x, y] = [0, 1].map((axis) => (info.maximum[axis] + info.minimum[axis]) / 2 - info.origin[axis]);
  const margin = Math.min(FIT_MARGIN, size.width / 8, size.height / 8);
  const scale = Math.min(
    Math.max(1, size.width - 2 * margin) / (width || 1),
    Math.max(1, size.height - 2 * margin) / (height || 1),
  );
  // A single cell, or cells on one spot, have no extent: one unit then fills the window.
  const zoom = width || height ? Math.log2(scale) : Math.log2(Math.max(1, Math.min(size.width, size.height)));
  return { x: x, y: y, zoom };
}
