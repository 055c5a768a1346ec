import { computed, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { isAbort, Latest } from '../../bytes/shared';
import type { Floats } from '../../bytes/numbers';
import type { EmbeddingView } from '../../state/view/embedding_view';
import type { SceneSession } from '../../state/drawing/scene_session';
import { averageField, type Raster } from './field';
import type { Segments } from './segments';

/** Pixels between arrows, at most 1.4 times as many; more in 3-D, where some are behind others. */
const APART = 27;
const APART_SOLID = 40;
/** Most arrows along an axis: on a large screen they are farther apart. */
const MOST = 160;
const MOST_SOLID = 44;

/** The arrows of the chosen vector field, for the visible part of the embedding. */
export class VectorField {
  readonly #session: SceneSession;
  readonly #latest = new Latest();
  readonly #loaded = signal<{ readonly index: number; readonly vectors: Floats } | null>(null);
  readonly #raster: ReadonlySignal<Raster | null>;
  readonly #stop: () => void;

  /** Null if there is nothing to draw. */
  readonly arrows: ReadonlySignal<Segments | null> = computed(() => {
    const { bundle, view, overlays, filters } = this.#session;
    const shown = view.embedding.value;
    const loaded = this.#loaded.value;
    if (!shown || !loaded || overlays.vector.value !== loaded.index) return null;
    const info = bundle.vectors[loaded.index];
    const raster = this.#raster.value;
    if (info.embedding !== shown.index || !raster) return null;
    const { positions, width } = shown;
    const { vectors } = loaded;
    const field = { positions, width, vectors, dims: shown.info.dims, solid: view.solid.value };
    return averageField({ ...field, mask: filters.mask.value }, raster, overlays.arrowLength.value);
  });

  constructor(session: SceneSession) {
    this.#session = session;
    this.#raster = rasterInView(session.view);
    this.#stop = effect(() => {
      const index = session.overlays.vector.value;
      if (index === null) this.#latest.abort();
      else if (this.#loaded.peek()?.index !== index) void this.#load(index);
    });
  }

  destroy(): void {
    this.#stop();
  }

  async #load(index: number): Promise<void> {
    const { bundle, overlays } = this.#session;
    await this.#session.during('vectors', `Loading ${bundle.vectors[index].label}`, async () => {
      try {
        const vectors = await this.#latest.run((signal) => bundle.vector(index, signal));
        if (overlays.vector.peek() === index) this.#loaded.value = { index, vectors };
      } catch (error) {
        if (!isAbort(error) && overlays.vector.peek() === index) overlays.vector.value = null;
        throw error;
      }
    });
  }
}

/**
 * The raster around the visible part. It changes in whole steps only (of zoom, and of a
 * quarter of the window), so that a drag does not sum up the cells in every frame, and
 * is anchored to the embedding, so that arrows do not swim.
 */
function rasterInView(view: EmbeddingView): ReadonlySignal<Raster | null> {
  const level = computed(() => Math.floor(2 * (view.camera.value?.zoom ?? 0)) / 2);
  const side = computed(() => {
    const [a, b] = view.turn.value;
    return Math.max(view.size.value.width, view.size.value.height, 1) * (Math.abs(a) + Math.abs(b));
  });
  const step = computed(() => side.value / 4 / 2 ** level.value);
  const stepOf = (value: number | undefined) => Math.round((value ?? 0) / step.value);
  const steps = [
    computed(() => stepOf(view.camera.value?.x)),
    computed(() => stepOf(view.camera.value?.y)),
    computed(() => stepOf(view.camera.value?.orbit?.z)),
  ];
  return computed(() => {
    const shown = view.embedding.value;
    if (!shown) return null;
    const solid = view.solid.value;
    const half = 3 * step.value;
    const apart = (solid ? APART_SOLID : APART) / 2 ** level.value;
    const spacing = Math.max(apart, (2 * half) / (solid ? MOST_SOLID : MOST));
    const [corner, counts] = [[0, 0, 0] as [number, number, number], [1, 1, 1] as [number, number, number]];
    for (let axis = 0; axis < (solid ? 3 : 2); axis++) {
      const middle = steps[axis].value * step.value;
      const low = Math.max(shown.bounds.minimum[axis], middle - half);
      const high = Math.min(shown.bounds.maximum[axis], middle + half);
      const first = Math.floor(low / spacing);
      const count = Math.floor(high / spacing) - first + 1;
      corner[axis] = first * spacing;
      counts[axis] = Math.max(1, count);
    }
    return { corner, counts, spacing };
  });
}
