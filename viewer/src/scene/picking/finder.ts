import { computed, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import type { SceneSession } from '../../state/drawing/scene_session';
import { isDrawnOver } from '../../state/colouring/drawn_over';
import type { Sides } from '../points/sides';
import type { DeckCamera } from '../view/deck_camera';
import { PointIndex } from './point_index';
import { ScreenGrid, type DrawnCells } from './screen_grid';

/** A cell is found this many CSS pixels from its centre, or under its disc. */
const REACH = 5;
/** A pixel of the rim may be this far outside the disc. */
const RIM = 1;
/** In 3-D, cells are sorted when the view has been at rest for this long, … */
const REST_MS = 100;
/** … in steps of this size, so that the page stays responsive. */
const AT_A_TIME = 60_000;

/** Finds the cell under the pointer: in 2-D by its coordinates, in 3-D by its position on the screen. */
export class Finder {
  readonly #session: SceneSession;
  readonly #camera: DeckCamera;
  readonly #sides: Sides;
  readonly #index = new PointIndex();
  readonly #indexed = signal(false);
  #grid: ScreenGrid | null = null;
  #timer = 0;
  readonly #stop: (() => void)[];

  /** Whether cells can be found. */
  readonly ready: ReadonlySignal<boolean> = this.#indexed;

  readonly drawn: ReadonlySignal<DrawnCells | null> = computed(() => {
    const { view, filters } = this.#session;
    const shown = view.embedding.value;
    if (!shown) return null;
    const { positions, width } = shown;
    return { positions, width, solid: view.solid.value, mask: filters.mask.value };
  });

  constructor(session: SceneSession, camera: DeckCamera, sides: Sides) {
    this.#session = session;
    this.#camera = camera;
    this.#sides = sides;
    this.#stop = [effect(() => this.#indexPlace()), effect(() => this.#sortView())];
  }

  /** The shown cell at a pixel of the canvas. */
  find(x: number, y: number): number | null {
    const projection = this.#camera.projection.peek();
    const drawn = this.drawn.peek();
    if (!projection || !drawn || !this.#indexed.peek()) return null;
    if (!drawn.solid) return this.#findInPlane(x, y);
    return (
      this.#grid?.find(
        x,
        y,
        REACH,
        this.#sides.at(x / this.#session.view.size.peek().width).diameters.largest.peek(),
      ) ?? null
    );
  }

  destroy(): void {
    for (const stop of this.#stop) stop();
    clearTimeout(this.#timer);
    this.#index.destroy();
  }

  #findInPlane(x: number, y: number): number | null {
    const { view } = this.#session;
    const place = view.placeAt(x, y);
    if (!place) return null;
    const unit = 2 ** -view.camera.peek()!.zoom;
    const { diameters, colouring } = this.#sides.at(x / view.size.peek().width);
    const reach = Math.max(REACH, diameters.largest.peek() / 2 + RIM) * unit;
    const { paint } = colouring.current.peek();
    return this.#index.find(...place, reach, this.#session.filters.mask.peek(), {
      radiusOf: (cell) => (diameters.of(cell) / 2) * unit,
      isOver: (cell, other) => isDrawnOver(paint, cell, other),
    });
  }

  #indexPlace(): void {
    const { embedding, solid } = this.#session.view;
    // The index that is being built is outdated.
    this.#index.destroy();
    if (!embedding.value || solid.value) return;
    this.#indexed.value = false;
    this.#index.build(embedding.value.positions, embedding.value.width, () => (this.#indexed.value = true));
  }

  #sortView(): void {
    const drawn = this.drawn.value;
    const projection = this.#camera.projection.value;
    const size = this.#session.view.size.value;
    clearTimeout(this.#timer);
    if (!drawn?.solid || !projection) return;
    this.#indexed.value = false;
    this.#timer = window.setTimeout(() => {
      this.#grid = new ScreenGrid(drawn, projection, size, this.#grid);
      this.#sortOn(this.#grid);
    }, REST_MS);
  }

  #sortOn(grid: ScreenGrid): void {
    if (grid.sortSome(AT_A_TIME)) this.#indexed.value = true;
    else this.#timer = window.setTimeout(() => this.#sortOn(grid));
  }
}
