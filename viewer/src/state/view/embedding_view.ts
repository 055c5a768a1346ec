import { batch, computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Bundle, EmbeddingInfo, OnProgress } from '../../bundle/bundle';
import type { Floats } from '../../bytes/numbers';
import { Latest } from '../../bytes/shared';
import type { Camera, Orbit, Size } from './camera';
import { ballRadius, boundsAsDrawn, fitFlat, fitOrbit, type Bounds } from './fit';
import { NO_TURN, turn, turnBack, type Part, type Turn } from './part';
import { bandHalf, spreadLine } from './spread';
import { matrixOf } from '../tissue/sections/orientation';

/** The embedding that is drawn. */
export interface ShownEmbedding {
  readonly index: number;
  readonly info: EmbeddingInfo;
  /** float32 `(nCells, width)`, relative to `info.origin`. A line gets a second axis. */
  readonly positions: Floats;
  readonly width: 2 | 3;
  readonly bounds: Bounds;
  /** Radius of the ball around the centre that holds all cells; 0 in a plane. */
  readonly radius: number;
}

/** How far the camera may zoom from the fit, in factors of two: float32 has about 24. */
const ZOOM_OUT = 3;
const ZOOM_IN = 18;
const ZOOM_IN_DEPTH = 10;

export class EmbeddingView {
  readonly #latest = new Latest();
  readonly wanted = signal(0);
  readonly embedding = signal<ShownEmbedding | null>(null);
  /** The camera that the user moved; null to fit all cells into a window of any size. */
  readonly moved = signal<Camera | null>(null);
  readonly size = signal<Size>({ width: 0, height: 0 });
  /** Whether only the first two of three axes are drawn. */
  readonly flat = signal(false);

  /** Whether the cells are drawn in 3-D. */
  readonly solid: ReadonlySignal<boolean> = computed(
    () => this.embedding.value?.width === 3 && !this.flat.value,
  );

  /** The section that is shown alone, in the embedding in which it lies; null in others, and without one. */
  readonly placed: ReadonlySignal<Part | null> = computed(() => {
    const [part, shown] = [this.part.value, this.embedding.value];
    return part && shown && part.embedding === shown.index && !this.solid.value ? part : null;
  });

  /** How the cells are turned and mirrored. The camera looks at coordinates of the embedding all the same. */
  readonly turn: ReadonlySignal<Turn> = computed(() => {
    const part = this.placed.value;
    return part ? matrixOf(part.orientation, this.embedding.value!.info.yAxis) : NO_TURN;
  });

  /** Bounds of the cells in the middle of the view, as drawn. */
  readonly #framed: ReadonlySignal<Bounds | null> = computed(() => {
    const [shown, part] = [this.embedding.value, this.placed.value];
    if (!shown || !part) return shown && shown.bounds;
    return boundsAsDrawn(shown, part, this.turn.value) ?? shown.bounds;
  });

  readonly fit: ReadonlySignal<Camera | null> = computed(() => {
    const [shown, bounds] = [this.embedding.value, this.#framed.value];
    if (!shown || !bounds) return null;
    if (this.solid.value) return fitOrbit(bounds, shown.radius, this.size.value);
    const isAlone = this.placed.value !== null;
    const camera = fitFlat(bounds, this.size.value, shown.info.yAxis, {
      hasNames: shown.info.laidOutBy !== undefined && !isAlone,
      spot: shown.info.spotDiameter ?? 0,
      hasBar: isAlone && !this.isBare,
      isBare: this.isBare,
    });
    const [x, y] = turnBack(this.turn.value, camera.x, camera.y);
    return { ...camera, x, y };
  });
  readonly camera: ReadonlySignal<Camera | null> = computed(() => this.moved.value ?? this.fit.value);

  /** `[left, low, right, high]`: a box around all coordinates in the window, in a plane. */
  readonly visible: ReadonlySignal<readonly [number, number, number, number] | null> = computed(() => {
    const camera = this.camera.value;
    if (!camera) return null;
    const [a, b, c, d] = this.turn.value;
    const unit = 2 ** -camera.zoom / 2;
    const { width, height } = this.size.value;
    const across = unit * (Math.abs(a) * width + Math.abs(c) * height);
    const along = unit * (Math.abs(b) * width + Math.abs(d) * height);
    return [camera.x - across, camera.y - along, camera.x + across, camera.y + along];
  });

  /** The coordinates at a pixel of the window, in a plane. */
  placeAt(x: number, y: number): [number, number] | null {
    const [camera, shown] = [this.camera.value, this.embedding.value];
    if (!camera || !shown) return null;
    const unit = 2 ** -camera.zoom;
    const { width, height } = this.size.value;
    const up = shown.info.yAxis === 'up' ? -1 : 1;
    const [midX, midY] = turn(this.turn.value, camera.x, camera.y);
    return turnBack(this.turn.value, midX + (x - width / 2) * unit, midY + up * (y - height / 2) * unit);
  }

  /** Microns per unit from the user, since few files state their unit of length. */
  readonly givenMicrons = signal<number | null>(null);
  /** Microns per unit of the drawn embedding; null if unknown, or if it has no lengths. */
  readonly micronsPerUnit: ReadonlySignal<number | null> = computed(() => {
    const shown = this.embedding.value;
    if (!shown || this.solid.value || shown.info.dims === 1) return null;
    return isTissuePositions(shown.info) ? (this.givenMicrons.value ?? knownMicrons(shown.info)) : null;
  });

  /** Whether distances in the view are lengths in a tissue, known in microns or not. */
  readonly hasLengths: ReadonlySignal<boolean> = computed(() => {
    const shown = this.embedding.value;
    return shown !== null && !this.solid.value && shown.info.dims !== 1 && isTissuePositions(shown.info);
  });

  /** Cells without finite coordinates, which are not drawn. */
  readonly nWithoutCoordinates: ReadonlySignal<number> = computed(() => {
    const shown = this.embedding.value;
    return shown ? countWithoutCoordinates(shown) : 0;
  });

  constructor(
    readonly bundle: Bundle,
    /** A section that is shown alone. */
    readonly part: ReadonlySignal<Part | null> = signal(null),
    /** Whether nothing but the cells is in the plot: no caption and no buttons. */
    private readonly isBare = false,
  ) {}

  /** Loads and shows an embedding; `cameraOf` says where its view begins, null to fit the cells. */
  async choose(
    index: number,
    onProgress?: OnProgress,
    cameraOf?: (shown: ShownEmbedding) => Camera | null,
  ): Promise<void> {
    this.wanted.value = index;
    const load = (signal: AbortSignal) => this.bundle.coordinates(index, onProgress, signal);
    const positions = await this.#latest.run(load);
    if (this.wanted.peek() !== index) return;
    const shown = shownEmbedding(index, this.bundle.embeddings[index], positions);
    this.adopt(shown, cameraOf?.(shown));
  }

  /** Shows an embedding that is loaded. */
  adopt(shown: ShownEmbedding, camera: Camera | null = null): void {
    batch(() => {
      this.wanted.value = shown.index;
      this.flat.value = false;
      this.embedding.value = shown;
      this.moved.value = camera;
    });
  }

  /** The least and the greatest zoom of the camera. */
  readonly zoomRange: ReadonlySignal<readonly [number, number]> = computed(() => {
    const zoom = this.fit.value?.zoom ?? 0;
    return [zoom - ZOOM_OUT, zoom + (this.solid.value ? ZOOM_IN_DEPTH : ZOOM_IN)];
  });

  move(camera: Camera): void {
    if (!this.fit.peek()) return;
    const [farthest, nearest] = this.zoomRange.peek();
    const zoom = Math.min(nearest, Math.max(farthest, camera.zoom));
    const { x, y } = camera;
    if (!this.solid.peek()) this.moved.value = { x, y, zoom };
    else if (camera.orbit) this.moved.value = { x, y, zoom, orbit: withinReach(camera.orbit) };
  }

  flatten(flat: boolean): void {
    batch(() => {
      this.moved.value = null;
      this.flat.value = flat;
    });
  }

  reset(): void {
    this.moved.value = null;
  }
}

/** Whether coordinates are positions in a tissue, which have a unit of length. */
export function isTissuePositions({ yAxis, source }: EmbeddingInfo): boolean {
  return yAxis === 'down' || source.startsWith('obs:');
}

/** Microns per unit that the export states. */
export function knownMicrons({ micronsPerUnit }: EmbeddingInfo): number | null {
  return micronsPerUnit && micronsPerUnit > 0 ? micronsPerUnit : null;
}

function countWithoutCoordinates({ positions, width }: ShownEmbedding): number {
  let count = 0;
  for (let at = 0; at < positions.length; at += width) {
    // The sum is finite exactly if all numbers are: float32 values cannot overflow in float64.
    const sum = positions[at] + positions[at + 1] + (width === 3 ? positions[at + 2] : 0);
    if (!Number.isFinite(sum)) count++;
  }
  return count;
}

function shownEmbedding(index: number, info: EmbeddingInfo, positions: Floats): ShownEmbedding {
  const relative = (corner: readonly number[]) =>
    corner.slice(0, 3).map((value, axis) => value - info.origin[axis]);
  const bounds = { minimum: relative(info.minimum), maximum: relative(info.maximum) };
  if (info.dims === 3) {
    return { index, info, positions, width: 3, bounds, radius: ballRadius(positions, bounds) };
  }
  if (info.dims === 2) return { index, info, positions, width: 2, bounds, radius: 0 };
  const [low, high] = [bounds.minimum[0], bounds.maximum[0]];
  const half = bandHalf(low, high);
  return {
    index,
    info,
    positions: spreadLine(positions, low, high),
    width: 2,
    bounds: { minimum: [low, -half], maximum: [high, half] },
    radius: 0,
  };
}

/** Limits the pitch, since upside down every drag would have the opposite effect. */
function withinReach({ z, pitch, turn }: Orbit): Orbit {
  return { z, pitch: Math.min(90, Math.max(-90, pitch)), turn: ((((turn + 180) % 360) + 360) % 360) - 180 };
}
