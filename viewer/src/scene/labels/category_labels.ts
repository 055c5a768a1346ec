import { computed, type ReadonlySignal } from '@preact/signals-core';
import { medianCentroids, withGiven } from '../../state/view/centroids';
import { largest } from '../../state/lists/largest';
import type { Session } from '../../state/session';
import { projectInto } from '../view/projection';
import type { DeckCamera } from '../view/deck_camera';
import { keepInside, placeBoxes } from './layout';

/** A category's name where its cells lie, in pixels of the canvas. */
export interface Label {
  readonly code: number;
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** As in stage.css: what a name takes, and where it is cut. */
export const LABEL_FONT = '600 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const LINE_HEIGHT = 22;
const PADDING = 10;
export const LONGEST_LABEL = 190;
/** More names than these are no help. */
const MOST = 400;

/** The names of the categories that the cells are coloured by; larger categories go first. */
export class CategoryLabels {
  readonly #session: Session;
  readonly #camera: DeckCamera;
  readonly #widths = new Map<string, number>();
  readonly #pen = document.createElement('canvas').getContext('2d');

  /** Shown categories that have a place, the largest first, and where they lie: float32 `(nCategories, 3)`. */
  readonly #wanted = computed(() => {
    const { bundle, view, colouring, overlays, filters } = this.#session;
    const shown = view.embedding.value;
    const { by, paint } = colouring.current.value;
    if (!overlays.labels.value || !shown || paint.kind !== 'category' || by.by !== 'column') return null;
    const hidden = filters.hidden.value.get(by.index);
    const codes = largest(paint.counts, MOST, (code) => !hidden?.has(code));
    const info = bundle.columns[by.index];
    const given = info.kind === 'category' ? info.centroids?.[shown.index] : null;
    const medians = medianCentroids(shown, paint.values, paint.counts, codes);
    const centroids = given ? withGiven(medians, given) : medians;
    const placed = codes.filter((code) => !Number.isNaN(centroids[3 * code]));
    return { centroids, codes: placed, labels: paint.labels };
  });

  readonly labels: ReadonlySignal<readonly Label[]> = computed(() => {
    const wanted = this.#wanted.value;
    const projection = this.#camera.projection.value;
    if (!wanted || !projection) return [];
    const { view } = this.#session;
    const solid = view.solid.value;
    const size = view.size.value;
    const spot = new Float64Array(3);
    const boxes = wanted.codes.map((code) => {
      const [x, y, z] = wanted.centroids.subarray(3 * code, 3 * code + 3);
      projectInto(spot, projection, x, y, solid ? z : 0);
      // Behind the camera nothing is seen.
      const seen = spot[2] > 0;
      const text = wanted.labels[code];
      const box = {
        code,
        text,
        x: seen ? spot[0] : -1,
        y: spot[1],
        width: this.#widthOf(text),
        height: LINE_HEIGHT,
      };
      return keepInside(box, size);
    });
    return placeBoxes(boxes, size).map((index) => boxes[index]);
  });

  constructor(session: Session, camera: DeckCamera) {
    this.#session = session;
    this.#camera = camera;
  }

  #widthOf(text: string): number {
    const known = this.#widths.get(text);
    if (known !== undefined) return known;
    if (this.#pen) this.#pen.font = LABEL_FONT;
    // Longer names are cut: to measure all of a very long one is slow.
    const measured = this.#pen?.measureText(text.slice(0, 80)).width ?? LONGEST_LABEL;
    const width = Math.min(LONGEST_LABEL, measured) + PADDING;
    this.#widths.set(text, width);
    return width;
  }
}
