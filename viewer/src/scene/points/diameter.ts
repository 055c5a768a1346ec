import { computed, type ReadonlySignal } from '@preact/signals-core';
import type { SceneSession } from '../../state/drawing/scene_session';
import { pointDiameter, spotDiameter } from './point_size';

/** Cells that express a gene are larger than those that do not. */
const EXPRESSING = 1.3;

/** A session, or one with other colours. */
type Coloured = Pick<SceneSession, 'view' | 'colouring' | 'appearance' | 'filters'>;

/** The diameter of a session's cells, in CSS pixels in a plane. */
export class Diameters {
  readonly #session: Coloured;

  /** Diameter of a spot in the embedding's units if spots are drawn in true size, else 0. */
  readonly #spot = computed(() => {
    const { embedding, solid } = this.#session.view;
    return solid.value ? 0 : (embedding.value?.info.spotDiameter ?? 0);
  });

  readonly plain: ReadonlySignal<number> = computed(() => {
    const { camera, fit, size } = this.#session.view;
    if (!camera.value || !fit.value) return 1;
    const factor = this.#session.appearance.pointSize.value;
    if (this.#spot.value > 0) return spotDiameter(this.#spot.value, camera.value, factor);
    return pointDiameter(this.#session.filters.nShown.value, size.value, camera.value, fit.value, factor);
  });

  /** Factor for the diameter of cells that express the gene. */
  readonly growth: ReadonlySignal<number> = computed(() =>
    this.#session.colouring.hasGreyZeros.value && this.#spot.value === 0 ? EXPRESSING : 1,
  );

  readonly largest: ReadonlySignal<number> = computed(() => this.plain.value * this.growth.value);

  constructor(session: Coloured) {
    this.#session = session;
  }

  of(cell: number): number {
    const { paint } = this.#session.colouring.current.peek();
    const value = paint.kind === 'number' || paint.kind === 'blend' ? paint.values[cell] : 0;
    return this.plain.peek() * (value === 0 || Number.isNaN(value) ? 1 : this.growth.peek());
  }
}
