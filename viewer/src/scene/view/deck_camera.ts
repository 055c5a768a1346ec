import { computed, type ReadonlySignal } from '@preact/signals-core';
import type { Camera, Size } from '../../state/view/camera';
import type { EmbeddingView } from '../../state/view/embedding_view';
import { NO_TURN, turn, turnBack } from '../../state/view/part';
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
    return camera.value && toViewState(this.#asDrawn(camera.value), zoomRange.value, this.#turn.value);
  });

  readonly projection: ReadonlySignal<Projection | null> = computed(() => {
    const viewState = this.viewState.value;
    return viewState && this.#projectionOf(this.view.value, viewState, this.embeddingView.size.value);
  });

  /** For the layers: half a turn around the x axis if y points down in 3-D; how a section is turned in a plane. */
  readonly modelMatrix = computed(() => {
    const way = this.embeddingView.turn.value;
    if (this.#turn.value !== 1) return Float32Array.of(1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1);
    if (way.every((each, at) => each === NO_TURN[at])) return null;
    const [a, b, c, d] = way;
    return Float32Array.of(a, c, 0, 0, b, d, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
  });

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
    const projection = this.#projectionOf(make(0, 0), viewState, size);
    return projection && { view: make(x, y), viewState, projection, grow, perUnit: 2 ** viewState.zoom };
  }

  /** Applies a change that deck.gl's controller made. */
  follow(viewState: Record<string, unknown>): void {
    this.embeddingView.move(this.#asStored(toCamera(viewState, this.#turn.peek())));
  }

  zoomBy(steps: number): void {
    const camera = this.embeddingView.camera.peek();
    if (camera) this.embeddingView.move({ ...camera, zoom: camera.zoom + steps });
  }

  panBy(dx: number, dy: number): void {
    const camera = this.embeddingView.camera.peek();
    if (!camera) return;
    const isDown = this.#yAxis.peek() === 'down';
    const moved = panned(this.#asDrawn(camera), [dx, dy], isDown, this.#turn.peek());
    this.embeddingView.move(this.#asStored(moved));
  }

  /** deck.gl looks at what is turned and mirrored. */
  #asDrawn(camera: Camera): Camera {
    const [x, y] = turn(this.embeddingView.turn.value, camera.x, camera.y);
    return { ...camera, x, y };
  }

  #asStored(camera: Camera): Camera {
    const [x, y] = turnBack(this.embeddingView.turn.peek(), camera.x, camera.y);
    return { ...camera, x, y };
  }

  #projectionOf(view: AnyView, viewState: ReturnType<typeof toViewState>, size: Size): Projection | null {
    const found = projectionOf(view, viewState, size, this.#turn.value);
    if (!found) return null;
    const { matrix } = found;
    const [a, b, c, d] = this.embeddingView.turn.value;
    for (let row = 0; row < 4; row++) {
      const [x, y] = [matrix[row], matrix[4 + row]];
      matrix[row] = a * x + c * y;
      matrix[4 + row] = b * x + d * y;
    }
    return found;
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
