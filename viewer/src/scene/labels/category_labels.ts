import { computed, type ReadonlySignal } from '@preact/signals-core';
import { medianCentroids, withGiven } from '../../state/view/centroids';
import { largest } from '../../state/lists/largest';
import { countShown } from '../../state/lists/shown_counts';
import type { SceneSession } from '../../state/drawing/scene_session';
import type { Size } from '../../state/view/camera';
import { projectInto, type Projection } from '../view/projection';
import type { DeckCamera } from '../view/deck_camera';
import { isSeen, keepInside, placeBoxes } from './layout';
import { sectionLabels, type SectionField } from './section_labels';

/** The name of a category over its cells, or of a section above its own, and its position in pixels of the canvas. */
export interface Label {
  readonly of: 'category' | 'section';
  readonly code: number;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Of its box, which holds the name, or as much of it as there is room for. */
  readonly width: number;
  /** Drawn in small letters. */
  readonly isSmall: boolean;
}

export interface LabelCounts {
  readonly shown: ReadonlySignal<number>;
  /** Number of names in the window for which there is no room. */
  readonly leftOut: ReadonlySignal<number>;
  /** Number of smaller categories, whose positions are not computed. */
  readonly more: ReadonlySignal<number>;
}

/** As in stage.css: the size of a name, and its longest width. */
export const LABEL_FONT = '600 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
export const SMALL_LABEL_FONT = LABEL_FONT.replace('13px', '10px');
const LINE_HEIGHT = 22;
export const LABEL_PADDING = 10;
export const SMALL_LABEL_PADDING = 4;
const LONGEST_LABEL = 190;
/** More names than this do not help. */
const MOST = 400;

/** The names to draw over the cells, of the categories that the session chooses; larger categories go first. */
export class CategoryLabels {
  readonly #session: SceneSession;
  readonly #camera: DeckCamera;
  readonly #widths = new Map<string, number>();
  readonly #pen = document.createElement('canvas').getContext('2d');

  /** Shown categories with coordinates, the largest first, and their centroids: float32 `(nCategories, 3)`. */
  readonly #wanted = computed(() => {
    const { bundle, view, names, filters } = this.#session;
    const shown = view.embedding.value;
    const named = names.named.value;
    if (!shown || !named) return null;
    const { column, paint } = named;
    const hidden = filters.hidden.value.get(column);
    const mask = filters.maskBeside(column);
    const { counts } = countShown(paint, mask);
    const isShown = (code: number) => !hidden?.has(code);
    const codes = largest(counts, MOST, isShown);
    const info = bundle.columns[column];
    // The bundle's centroids are those of all cells.
    const given = info.kind === 'category' && !mask ? info.centroids?.[shown.index] : null;
    const medians = medianCentroids(shown, paint.values, counts, codes, mask);
    const centroids = given ? withGiven(medians, given) : medians;
    const placed = codes.filter((code) => !Number.isNaN(centroids[3 * code]));
    return {
      centroids,
      codes: placed,
      labels: this.#session.categories.namesOf(column),
      nMore: countAbove(counts, isShown) - codes.length,
    };
  });

  readonly #placed = computed(() => {
    const projection = this.#camera.projection.value;
    if (!projection) return { labels: [], nNamed: 0, nLeftOut: 0 };
    return this.placeIn(projection, this.#session.view.size.value, (text, isSmall) =>
      this.#widthOf(text, isSmall),
    );
  });

  /** The names in a frame, given the widths of texts. */
  placeIn(projection: Projection, size: Size, widthOf: (text: string, isSmall: boolean) => number) {
    const wanted = this.#wanted.value;
    const solid = this.#session.view.solid.value;
    const spot = new Float64Array(3);
    const sections = sectionLabels(this.#sectionFields(projection), size, widthOf);
    const categories = (wanted?.codes ?? []).map((code) => {
      const { centroids, labels } = wanted!;
      const [x, y, z] = centroids.subarray(3 * code, 3 * code + 3);
      projectInto(spot, projection, x, y, solid ? z : 0);
      // Nothing is visible behind the camera.
      const seen = spot[2] > 0;
      const text = labels[code];
      const box = {
        of: 'category' as const,
        code,
        text,
        isSmall: false,
        x: seen ? spot[0] : -1,
        y: spot[1],
        width: widthOf(text, false),
        height: LINE_HEIGHT,
      };
      return keepInside(box, size);
    });
    const boxes = [...sections, ...categories];
    const placed = placeBoxes(boxes, size);
    const nNamed = placed.filter((index) => index >= sections.length).length;
    return {
      labels: placed.map((index): Label => boxes[index]),
      nNamed,
      nLeftOut: categories.filter((box) => isSeen(box, size)).length - nNamed,
    };
  }

  readonly labels: ReadonlySignal<readonly Label[]> = computed(() => this.#placed.value.labels);

  /** Counts of names, as separate signals, since the view changes with every frame, but they rarely do. */
  readonly counts: LabelCounts = {
    shown: computed(() => this.#placed.value.nNamed),
    leftOut: computed(() => this.#placed.value.nLeftOut),
    more: computed(() => this.#wanted.value?.nMore ?? 0),
  };

  constructor(session: SceneSession, camera: DeckCamera) {
    this.#session = session;
    this.#camera = camera;
  }

  /** The sections that are laid out side by side, unless these are the named categories, or one is alone. */
  #sectionFields(projection: Projection): SectionField[] {
    const { sections, names, view } = this.#session;
    if (view.part.value) return [];
    if (names.named.value?.column === sections.column.value) return [];
    const spot = new Float64Array(3);
    return sections.sections.value.map(({ code, text, left, right, top, bottom }) => {
      projectInto(spot, projection, left, top, 0);
      const [x, y] = spot;
      projectInto(spot, projection, right, bottom, 0);
      return { code, text, left: x, top: y, right: spot[0], bottom: spot[1] };
    });
  }

  #widthOf(text: string, isSmall: boolean): number {
    const key = `${isSmall} ${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    if (this.#pen) this.#pen.font = isSmall ? SMALL_LABEL_FONT : LABEL_FONT;
    // Longer names are cut: to measure all of a very long one is slow.
    const width = boxWidth(this.#pen?.measureText(text.slice(0, 80)).width ?? LONGEST_LABEL, isSmall);
    this.#widths.set(key, width);
    return width;
  }
}

/** The width of the box of a name, given its own. */
export function boxWidth(measured: number, isSmall: boolean): number {
  return Math.min(LONGEST_LABEL, measured) + (isSmall ? SMALL_LABEL_PADDING : LABEL_PADDING);
}

function countAbove(counts: Uint32Array, isWanted: (index: number) => boolean): number {
  return counts.reduce((sum, count, index) => sum + Number(count > 0 && isWanted(index)), 0);
}
