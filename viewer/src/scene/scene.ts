import { Deck, OrthographicView, type Layer, type OrthographicViewState } from '@deck.gl/core';
import { BitmapLayer } from '@deck.gl/layers';
import { computed, effect, signal } from '@preact/signals-core';
import type { Camera } from '../state/places';
import type { Session } from '../state/session';
import { decodeImage, imageBounds } from './image';
import { pointDiameter } from './point_size';
import { PointIndex } from './point_index';
import { PointsLayer } from './points/points_layer';

type Color = readonly [number, number, number];

/** What the page around the scene decides. */
export interface SceneColors {
  readonly plain: Color;
  readonly missing: Color;
}

/** A cell is found this many CSS pixels from its centre, or under its disc. */
const REACH = 5;

/** Draws a session on a canvas. Draws when something has changed, and only then. */
export class Scene {
  readonly #session: Session;
  readonly #deck: Deck<OrthographicView>;
  readonly #index = new PointIndex();
  readonly #image = signal<ImageBitmap | null>(null);
  readonly #stop: (() => void)[] = [];
  readonly #colors = signal<SceneColors>({ plain: [38, 70, 83], missing: [200, 204, 208] });
  /** Counts pictures, and whether cells can be found: tests and hover wait for these. */
  readonly drawn = signal(0);
  readonly searchable = signal(false);

  readonly #diameter = computed(() => {
    const { camera, fit, size } = this.#session.places;
    if (!camera.value || !fit.value) return 1;
    const factor = this.#session.appearance.pointSize.value;
    return pointDiameter(this.#session.bundle.nCells, size.value, camera.value, fit.value, factor);
  });

  constructor(canvas: HTMLCanvasElement, session: Session) {
    this.#session = session;
    this.#deck = new Deck<OrthographicView>({
      canvas,
      width: '100%',
      height: '100%',
      views: makeView('down'),
      viewState: { target: [0, 0, 0], zoom: 0 },
      // Discs smooth their own rims: multisampling would only cost time.
      deviceProps: { type: 'webgl', webgl: { antialias: false } },
      // Cells are found by PointIndex.
      _pickable: false,
      getCursor: ({ isDragging }) => (isDragging ? 'grabbing' : 'default'),
      onViewStateChange: ({ viewState }) => session.places.move(toCamera(viewState)),
      onAfterRender: () => void this.drawn.value++,
      onError: (error) => void (session.problem.value = error),
    });
    this.#stop.push(
      effect(() => this.#indexPlace()),
      effect(() => this.#showCamera()),
      effect(() => void this.#deck.setProps({ layers: this.#layers() })),
    );
    void this.#loadImage();
  }

  set colors(colors: SceneColors) {
    this.#colors.value = colors;
  }

  /** The shown cell at a pixel of the canvas. */
  cellAt(x: number, y: number): number | null {
    const { camera, place } = this.#session.places;
    const looking = camera.peek();
    const at = this.#unproject(x, y);
    if (!looking || !at || !place.peek()) return null;
    const radius = Math.max(REACH, this.#diameter.peek() / 2) / 2 ** looking.zoom;
    return this.#index.nearest(at[0], at[1], radius, this.#session.filters.mask.peek());
  }

  /** Centre and diameter of a cell in pixels of the canvas. */
  spotOf(cell: number): { x: number; y: number; diameter: number } | null {
    const place = this.#session.places.place.peek();
    const viewport = this.#deck.getViewports()[0];
    if (!place || !viewport) return null;
    const { dims } = place.info;
    const [x, y] = viewport.project([place.positions[cell * dims], place.positions[cell * dims + 1]]);
    return { x: x, y: y, diameter: this.#diameter.peek() };
  }

  zoomBy(steps: number): void {
    const camera = this.#session.places.camera.peek();
    if (camera) this.#session.places.move({ ...camera, zoom: camera.zoom + steps });
  }

  /** Moves the view by pixels of the screen. */
  panBy(dx: number, dy: number): void {
    const { camera, place } = this.#session.places;
    const looking = camera.peek();
    if (!looking || !place.peek()) return;
    const unit = 2 ** -looking.zoom;
    const up = place.peek()!.info.yAxis === 'up' ? -1 : 1;
    this.#session.places.move({ ...looking, x: looking.x + dx * unit, y: looking.y + up * dy * unit });
  }

  /** The picture as it is, drawn anew: a canvas forgets its pixels once they are shown. */
  snapshot(): HTMLCanvasElement {
    this.#deck.redraw('snapshot');
    return this.#deck.getCanvas()!;
  }

  destroy(): void {
    for (const stop of this.#stop) stop();
    this.#index.destroy();
    this.#deck.finalize();
  }

  #unproject(x: number, y: number): [number, number] | null {
    const viewport = this.#deck.getViewports()[0];
    if (!viewport) return null;
    const [worldX, worldY] = viewport.unproject([x, y]);
    return [worldX, worldY];
  }

  #indexPlace(): void {
    const place = this.#session.places.place.value;
    this.searchable.value = false;
    if (!place) return;
    this.#deck.setProps({ views: makeView(place.info.yAxis) });
    this.#index.build(place.positions, place.info.dims, () => (this.searchable.value = true));
  }

  #showCamera(): void {
    const { camera, zoomRange } = this.#session.places;
    if (!camera.value) return;
    const { x, y, zoom } = camera.value;
    // The controller has to know the limits: it moves what it zooms, to keep a place under the pointer.
    const [minZoom, maxZoom] = zoomRange.value;
    const viewState: OrthographicViewState = { target: [x, y, 0], zoom, minZoom, maxZoom };
    this.#deck.setProps({ viewState });
  }

  #layers(): Layer[] {
    const place = this.#session.places.place.value;
    if (!place) return [];
    return [...this.#imageLayers(), this.#pointsLayer()];
  }

  #imageLayers(): Layer[] {
    const { bundle, appearance, places } = this.#session;
    const image = this.#image.value;
    const place = places.place.value!;
    // A placement is in the coordinates of the first embedding.
    if (!image || !bundle.image || place.index !== 0 || !appearance.showImage.value) return [];
    return [
      new BitmapLayer({
        id: 'image',
        image,
        bounds: imageBounds(bundle.image, place.info),
        opacity: linear(appearance.imageOpacity.value),
        textureParameters: { minFilter: 'linear', magFilter: 'linear' },
      }),
    ];
  }

  #pointsLayer(): Layer {
    const { places, colouring, filters, appearance } = this.#session;
    const { info, positions } = places.place.value!;
    const { paint } = colouring.current.value;
    const [low, high] = colouring.range.value;
    const base = paint.kind === 'number' ? paint.base : 0;
    const plain = paint.kind === 'plain';
    return new PointsLayer({
      // Another width of the rows needs another layout of the buffers, thus another layer.
      id: `cells-${info.dims}`,
      positions,
      dims: info.dims,
      values: plain ? null : paint.values,
      order: plain ? null : paint.order,
      mask: filters.mask.value,
      table: colouring.table.value,
      kind: paint.kind,
      range: [low - base, high - base],
      diameter: this.#diameter.value,
      opacity: linear(appearance.opacity.value),
      plainColor: this.#colors.value.plain,
      missingColor: this.#colors.value.missing,
    });
  }

  async #loadImage(): Promise<void> {
    const { bundle } = this.#session;
    const { image } = bundle;
    if (!image?.placement) return;
    await this.#session.during('image', 'Loading the image', async () => {
      const bytes = await bundle.file(image.path);
      this.#image.value = await decodeImage(bytes, image.path, largestTexture());
    });
  }
}

/** deck.gl takes the root of an opacity, for what the eye sees; the page says and draws what it is. */
function linear(opacity: number): number {
  return opacity ** 2.2;
}

function makeView(yAxis: 'up' | 'down'): OrthographicView {
  return new OrthographicView({
    id: 'cells',
    flipY: yAxis === 'down',
    controller: { scrollZoom: { speed: 0.01, smooth: false }, keyboard: false, doubleClickZoom: true },
  });
}

function toCamera(viewState: Record<string, unknown>): Camera {
  const { target, zoom } = viewState as { target: [number, number]; zoom: number };
  return { x: target[0], y: target[1], zoom };
}

function largestTexture(): number {
  const gl = document.createElement('canvas').getContext('webgl2');
  return gl ? (gl.getParameter(gl.MAX_TEXTURE_SIZE) as number) : 4096;
}
