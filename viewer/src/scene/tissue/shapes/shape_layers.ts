import type { Layer } from '@deck.gl/core';
import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import type { ShapeTile } from '../../../bundle/tissue';
import type { SceneSession } from '../../../state/drawing/scene_session';
import type { SceneColors } from '../../colors';
import { discColors } from '../../figure/slots';
import type { DeckCamera } from '../../view/deck_camera';
import { shapeAt, type ShapeGeometry } from './geometry';
import { ShapesLayer } from './shapes_layer';
import { TileStore } from './tile_store';

/** Shapes appear when a typical cell is so many pixels wide, and take the place of the points when it is so many. */
const [APPEAR, WHOLE] = [8, 14];
/** Points of the other cells stay if fewer than these have a shape. */
const NEARLY_ALL = 0.95;
const FAINT = 0.14;

/** What the colours of shapes depend on, beside the session. */
export interface ShapeColors {
  /** One byte per cell: 255 is shown, 0 hidden, and values between are faint; null shows all. */
  readonly mask: Uint8Array<ArrayBuffer> | null;
  readonly colors: SceneColors;
}

/** Draws the boundaries of cells at close range, and finds the cell within one. */
export class ShapeLayers {
  readonly #store = computed(() => {
    const { view, appearance, bundle } = this.session;
    const shown = view.embedding.value;
    const set = shown && shown.width === 2 ? appearance.shapes.on(bundle, shown.index) : null;
    return set && new TileStore(set, (error) => (this.session.problem.value = error));
  });
  readonly #index = signal<{ readonly store: TileStore; readonly tiles: readonly ShapeTile[] } | null>(null);

  /** Tiles of the drawn set, and the typical distance between its shapes. */
  readonly #tiles = computed(() => {
    const [index, store] = [this.#index.value, this.#store.value];
    if (!index || index.store !== store) return null;
    const pitches = index.tiles.map(pitchOf).sort((one, other) => one - other);
    return pitches.length === 0 ? null : { tiles: index.tiles, pitch: pitches[pitches.length >> 1] };
  });

  /** From 0, too far away for shapes, to 1, where they take the place of the points. */
  readonly #nearness = computed(() => {
    const camera = this.session.view.camera.value;
    const known = this.#tiles.value;
    // They have the colours of one side only.
    if (!camera || !known || this.session.curtain?.isDrawn.value) return 0;
    const share = (known.pitch * 2 ** camera.zoom - APPEAR) / (WHOLE - APPEAR);
    return Math.min(1, Math.max(0, share));
  });

  /** Numbers of the tiles in view, as text: it changes only with them. */
  readonly #seen = computed(() => {
    const { view } = this.session;
    const [camera, known, shown] = [view.camera.value, this.#tiles.value, view.embedding.value];
    if (!camera || !known || !shown || this.#nearness.value === 0) return '';
    const { width, height } = view.size.value;
    const unit = 2 ** -camera.zoom;
    const [x, y] = [camera.x + shown.info.origin[0], camera.y + shown.info.origin[1]];
    const [halfX, halfY] = [(width / 2) * unit, (height / 2) * unit];
    return known.tiles
      .filter(
        ({ box: [left, top, right, bottom] }) =>
          left < x + halfX && right > x - halfX && top < y + halfY && bottom > y - halfY,
      )
      .map(({ number }) => number)
      .join();
  });

  readonly #inView = computed(() => {
    const tiles = this.#store.value?.tiles.value;
    const numbers = this.#seen.value === '' ? [] : this.#seen.value.split(',').map(Number);
    const loaded = numbers.flatMap((number): [number, ShapeGeometry][] => {
      const geometry = tiles?.get(number);
      return geometry ? [[number, geometry]] : [];
    });
    return { loaded, isWhole: loaded.length === numbers.length };
  });

  /** Opacity of the points, as a share of their usual one. */
  readonly pointOpacity: ReadonlySignal<number> = computed(() => {
    const { isWhole, loaded } = this.#inView.value;
    const set = this.#store.value?.set;
    const hasAll = !!set?.areCells && set.nShapes >= NEARLY_ALL * this.session.bundle.nCells;
    return hasAll && isWhole && loaded.length > 0 ? 1 - this.#nearness.value : 1;
  });

  #colors = new Map<ShapeGeometry, Uint8Array<ArrayBuffer>>();
  #coloredFor: readonly unknown[] = [];
  readonly #stop: (() => void)[] = [];

  constructor(
    private readonly session: SceneSession,
    private readonly camera: DeckCamera,
  ) {
    this.#stop.push(
      effect(() => {
        const store = this.#store.value;
        if (store) void this.#open(store);
        return () => store?.destroy();
      }),
      effect(() => {
        const numbers = this.#seen.value;
        const tiles = this.#tiles.value?.tiles ?? [];
        const store = this.#store.value;
        untracked(() =>
          store?.want(numbers === '' ? [] : numbers.split(',').map((each) => tiles[Number(each)])),
        );
      }),
    );
  }

  /** Whether shapes are drawn now. */
  get areDrawn(): boolean {
    return this.#nearness.peek() > 0 && this.#inView.peek().loaded.length > 0;
  }

  layers(look: ShapeColors): Layer[] {
    const nearness = this.#nearness.value;
    const store = this.#store.value;
    if (nearness === 0 || !store) return [];
    const { shapes } = this.session.appearance;
    const { loaded } = this.#inView.value;
    const colorsOf = this.#painter(look);
    const fill = store.set.areCells ? shapes.opacity.value * nearness : 0;
    const outline = shapes.hasOutlines.value || !store.set.areCells ? nearness : 0;
    return loaded.map(
      ([number, geometry]) =>
        new ShapesLayer({
          id: `shapes-${store.set.name}-${number}`,
          geometry,
          colors: colorsOf(geometry),
          fill,
          outline,
          ink: look.colors.ink,
          modelMatrix: this.camera.modelMatrix.value,
          // Else a layer would be slightly nearer than its own outlines.
          parameters: { depthWriteEnabled: false, depthCompare: 'always' },
        }),
    );
  }

  /** The shown cell within whose shape a pixel lies; undefined if the points are to be searched. */
  cellAt(x: number, y: number): number | null | undefined {
    const { camera, size, embedding } = this.session.view;
    const [at, shown, mask] = [camera.peek(), embedding.peek(), this.session.filters.mask.peek()];
    if (!this.areDrawn || !at || !shown) return undefined;
    const unit = 2 ** -at.zoom;
    const up = shown.info.yAxis === 'up' ? -1 : 1;
    const { width, height } = size.peek();
    const placeX = at.x + (x - width / 2) * unit;
    const placeY = at.y + up * (y - height / 2) * unit;
    for (const [, geometry] of this.#inView.peek().loaded) {
      const shape = shapeAt(geometry, placeX, placeY);
      const cell = shape === null ? null : geometry.cells[shape];
      if (cell !== null && cell < this.session.bundle.nCells && (mask === null || mask[cell] > 0))
        return cell;
    }
    return this.pointOpacity.peek() > 0 ? undefined : null;
  }

  destroy(): void {
    for (const stop of this.#stop) stop();
  }

  async #open(store: TileStore): Promise<void> {
    try {
      const tiles = await store.set.tiles();
      this.#index.value = { store, tiles };
    } catch (error) {
      this.session.problem.value = error;
    }
  }

  /** Colours of the vertices of a tile, which are kept until colours or filters change. */
  #painter({ mask, colors }: ShapeColors): (geometry: ShapeGeometry) => Uint8Array<ArrayBuffer> {
    const { colouring } = this.session;
    const reasons = [
      ...[mask, colors, colouring.current.value, colouring.table.value, colouring.range.value],
      ...[colouring.scale.value, colouring.blendRanges.value, colouring.hasGreyZeros.value],
    ];
    if (reasons.some((each, at) => each !== this.#coloredFor[at])) {
      this.#coloredFor = reasons;
      this.#colors = new Map();
    }
    const { slotOf, colorOf } = discColors(this.session, colors);
    const known = new Map<number, readonly number[]>();
    const rgbOf = (cell: number) => {
      const slot = slotOf(cell);
      const rgb = known.get(slot) ?? colorOf(slot);
      known.set(slot, rgb);
      return rgb;
    };
    const { nCells } = this.session.bundle;
    return (geometry) => {
      const before = this.#colors.get(geometry);
      if (before) return before;
      const { cells, starts, vertices } = geometry;
      const painted = new Uint8Array(2 * vertices.length);
      for (let shape = 0; shape < cells.length; shape++) {
        const cell = cells[shape];
        const isCell = cell < nCells;
        const shown = isCell && mask ? mask[cell] : 255;
        const [red, green, blue] = isCell ? rgbOf(cell) : colors.ink;
        const alpha = shown < 26 ? 0 : shown < 230 ? Math.round(255 * FAINT) : 255;
        for (let at = 4 * starts[shape]; at < 4 * starts[shape + 1]; at += 4) {
          painted[at] = red;
          painted[at + 1] = green;
          painted[at + 2] = blue;
          painted[at + 3] = alpha;
        }
      }
      this.#colors.set(geometry, painted);
      return painted;
    };
  }
}

/** The typical distance between the shapes of a tile. */
function pitchOf({ nShapes, box: [left, top, right, bottom] }: ShapeTile): number {
  return Math.sqrt(((right - left) * (bottom - top)) / Math.max(1, nShapes));
}
