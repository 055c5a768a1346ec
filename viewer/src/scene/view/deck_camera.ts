import { computed, type ReadonlySignal } from '@preact/signals-core';
import type { Size } from '../../state/view/camera';
import type { EmbeddingView } from '../../state/view/embedding_view';
import type { Projection } from './projection';
import { FOVY, makeView, panned, projectionOf, toCamera, toViewState, turnOf, type AnyView } from './view';

/** The view of a frame. */
export interface Framed {
  readonly view: AnyView;
  readonly viewState: ReturnType<typeof toViewState>;
  /** To pixels of the frame. */
  readonly projection: Projection;
  /** Pixels of the frame per pixel of the page. */
  readonly grow: number;
  /** Pixels of the frame per unit of the coordinates. */
  readonly perUnit: number;
}

/** Translates between the camera of a session and deck.gl's view state. */
export class DeckCamera {
  readonly #yAxis = computed(() => this.embeddingView.embedding.value?.info.yAxis ?? 'down');
  readonly #turn = computed(() => {
    const shown = this.embeddingView.embedding.value;
    return shown ? turnOf(shown, this.embeddingView.solid.value) : 1;
  });
  readonly view: ReadonlySignal<AnyView> = computed(() =>
    makeView(this.embeddingView.solid.value, this.#yAxis.value),
  );

  readonly viewState = computed(() => {
    const { camera, zoomRange } = this.embeddingView;
    // The controller must know the limits, since it also pans while zooming, to keep a point under the pointer.
    return camera.value && toViewState(camera.value, zoomRange.value, this.#turn.value);
  });

  readonly projection: ReadonlySignal<Projection | null> = computed(() => {
    const viewState = this.viewState.value;
    return (
      viewState && projectionOf(this.view.value, viewState, this.embeddingView.size.value, this.#turn.value)
    );
  });

  /** For the layers: half a turn around the x axis if y points down in 3-D. */
  readonly modelMatrix = computed(() =>
    this.#turn.value === 1 ? null : Float32Array.of(1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1),
  );

  constructor(readonly embeddingView: EmbeddingView) {}

  /**
   * The view in a frame of another size, in which all is visible that the page shows. `x` and `y` move it on a canvas
   * that shows only a part of it.
   */
  framed(size: Size, x = 0, y = 0): Framed | null {
    const { solid, size: own } = this.embeddingView;
    const known = this.viewState.peek();
    const page = own.peek();
    if (!known || !(page.width > 0 && page.height > 0)) return null;
    const grow = Math.min(size.width / page.width, size.height / page.height);
    const viewState = { ...known, zoom: known.zoom + Math.log2(grow), minZoom: -Infinity, maxZoom: Infinity };
    // The eye stays as far away, however high the frame is.
    const half = (Math.tan((FOVY / 360) * Math.PI) * size.height) / (grow * page.height);
    const fovy = (Math.atan(half) / Math.PI) * 360;
    const make = (left: number, top: number) =>
      makeView(solid.peek(), this.#yAxis.peek(), {
        x: left,
        y: top,
        width: size.width,
        height: size.height,
        fovy,
      });
    const projection = projectionOf(make(0, 0), viewState, size, this.#turn.peek());
    return projection && { view: make(x, y), viewState, projection, grow, perUnit: 2 ** viewState.zoom };
  }

  /** Applies a change that deck.gl's controller made. */
  follow(viewState: Record<string, unknown>): void {
    this.embeddingView.move(toCamera(viewState, this.#turn.peek()));
  }

  zoomBy(steps: number): void {
    const camera = this.embeddingView.camera.peek();
    if (camera) this.embeddingView.move({ ...camera, zoom: camera.zoom + steps });
  }

  panBy(dx: number, dy: number): void {
    const camera = this.embeddingView.camera.peek();
    if (camera)
      this.embeddingView.move(panned(camera, [dx, dy], this.#yAxis.peek() === 'down', this.#turn.peek()));
  }

  turnBy(turn: number, pitch: number): void {
    const camera = this.embeddingView.camera.peek();
    if (!camera?.orbit) return;
    const { orbit } = camera;
    this.embeddingView.move({
      ...camera,
      orbit: { ...orbit, turn: orbit.turn + turn, pitch: orbit.pitch + pitch },
    });
  }
}
