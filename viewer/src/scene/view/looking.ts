import { computed, type ReadonlySignal } from '@preact/signals-core';
import type { Places } from '../../state/places';
import type { Projection } from './projection';
import { makeView, panned, projectionOf, toCamera, toViewState, turnOf, type AnyView } from './view';

/** The camera of a session in deck.gl's words, and back. */
export class Looking {
  readonly #yAxis = computed(() => this.places.place.value?.info.yAxis ?? 'down');
  readonly #turn = computed(() => {
    const place = this.places.place.value;
    return place ? turnOf(place, this.places.solid.value) : 1;
  });
  readonly view: ReadonlySignal<AnyView> = computed(() =>
    makeView(this.places.solid.value, this.#yAxis.value),
  );

  readonly viewState = computed(() => {
    const { camera, zoomRange } = this.places;
    // The controller has to know the limits: it moves what it zooms, to keep a place under the pointer.
    return camera.value && toViewState(camera.value, zoomRange.value, this.#turn.value);
  });

  readonly projection: ReadonlySignal<Projection | null> = computed(() => {
    const viewState = this.viewState.value;
    return viewState && projectionOf(this.view.value, viewState, this.places.size.value, this.#turn.value);
  });

  /** For the layers: turned half round the x axis where y points down in space. */
  readonly modelMatrix = computed(() =>
    this.#turn.value === 1 ? null : Float32Array.of(1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1),
  );

  constructor(readonly places: Places) {}

  /** Takes over what deck.gl's controller did. */
  follow(viewState: Record<string, unknown>): void {
    this.places.move(toCamera(viewState, this.#turn.peek()));
  }

  zoomBy(steps: number): void {
    const camera = this.places.camera.peek();
    if (camera) this.places.move({ ...camera, zoom: camera.zoom + steps });
  }

  panBy(dx: number, dy: number): void {
    const camera = this.places.camera.peek();
    if (camera) this.places.move(panned(camera, [dx, dy], this.#yAxis.peek() === 'down', this.#turn.peek()));
  }

  turnBy(turn: number, pitch: number): void {
    const camera = this.places.camera.peek();
    if (!camera?.orbit) return;
    const { orbit } = camera;
    this.places.move({ ...camera, orbit: { ...orbit, turn: orbit.turn + turn, pitch: orbit.pitch + pitch } });
  }
}
