import type { Part } from '../../scene/figure/drawing';
import type { Scene, SceneColors } from '../../scene/scene';
import type { Vectors } from '../../scene/figure/vectors';
import { LABEL_PADDING, SMALL_LABEL_PADDING } from '../../scene/labels/category_labels';
import { curtainIn } from '../../scene/figure/drawing';
import { axisNames } from '../../state/picture/axis_names';
import { pointsOf, POINTS_PER_PIXEL, type FigureOptions } from '../../state/picture/figure_options';
import {
  axesShapes,
  curtainShapes,
  labelShapes,
  legendShapes,
  scaleBarShapes,
  titleShapes,
  type PlacedLabel,
} from '../../state/picture/furniture';
import { layOut, layOutIn } from '../../state/picture/layout';
import { TEXT, type Box } from '../../state/picture/placed';
import { scaleBarOf } from '../../state/picture/scale_bar';
import {
  scaleOf,
  type Figure,
  type GroupShape,
  type PictureShape,
  type Shape,
} from '../../state/picture/shapes';
import { fit, type Measure } from '../../state/picture/texts';
import type { Session } from '../../state/session';
import { cellsText } from '../../state/texts/cells_text';
import { embeddingNames } from '../../state/view/embedding_names';
import { leftOutOf } from './left_out';
import { legendsOf } from './legends_of';
import { LOOKS } from './looks';

/** A scale bar is no wider than this share of the cells. */
const BAR_SHARE = 0.2;
const SMALL_LABEL = 10;
const ALL: readonly Part[] = ['images', 'edges', 'cells', 'overlays'];

/** A figure, and how its pictures are drawn. */
export interface Composed {
  readonly figure: Figure;
  readonly options: FigureOptions;
  readonly cells: Box;
  /** What each picture shows. */
  readonly parts: ReadonlyMap<PictureShape['what'], readonly Part[]>;
  /** Most pixels per inch that this browser can draw of it. */
  readonly mostDpi: number;
  /** Whether slides are coarser than the figure with so many pixels per inch. */
  readonly isCoarse: (dpi: number) => boolean;
  /** What the page shows and the figure does not. */
  readonly leftOut: readonly string[];
}

/** The line below the title: the colouring, the cells, the embedding. */
export function subtitleOf(session: Session): string {
  const { bundle, colouring, curtain, view } = session;
  const { label: own } = colouring.current.peek();
  const label = curtain.isDrawn.peek()
    ? `${own || 'one colour'} | ${curtain.colouring.current.peek().label}`
    : own;
  const embedding = view.embedding.peek();
  return [label, cellsText(session), embedding ? embeddingNames(bundle.embeddings)[embedding.index] : '']
    .filter((part) => part !== '')
    .join(' · ');
}

/** Lays out all of a figure. Takes a moment for millions of cells; null if it is no longer wanted. */
export async function compose(
  session: Session,
  scene: Scene,
  title: string,
  options: FigureOptions,
  measure: Measure,
  isWanted: () => boolean,
): Promise<Composed | null> {
  const { colors, paper } = LOOKS[options.background];
  const size = session.view.size.peek();
  const [width, height] = pointsOf(options);
  const unit = width === null ? POINTS_PER_PIXEL : options.text / TEXT;
  const legends = options.legend ? legendsOf(session) : [];
  const given = { title, subtitle: options.subtitle ? subtitleOf(session) : '', legends, size };
  const layout =
    width === null
      ? layOut(given, measure)
      : layOutIn(given, { width: width / unit, height: height && height / unit }, measure);
  const { cells } = layout;
  const vectors =
    options.format === 'svg'
      ? await scene.vectors(cells, { colors, points: options.points }, isWanted)
      : null;
  if (!isWanted()) return null;
  const { shapes, parts } = cellShapes(cells, vectors, scene.hasImages);
  const bar = options.scaleBar ? scaleBarIn(session, scene, cells) : null;
  const figure: Figure = {
    width: layout.width,
    height: layout.height,
    unit,
    paper,
    title,
    shapes: [
      { kind: 'group', name: 'cells', clip: sticksOut(shapes, cells) ? cells : null, shapes },
      ...curtainOf(session, cells, colors),
      ...(options.labels ? [labelShapes(labelsIn(scene, cells, unit, measure), cells, colors)] : []),
      ...(options.axes ? [axesShapes(axesOf(session, scene, cells), cells, colors)] : []),
      ...(bar ? [scaleBarShapes(bar, cells, colors, options.axes)] : []),
      titleShapes(layout, colors),
      legendShapes(layout, colors),
    ],
  };
  const most = scene.mostScale(figure, cells, options.points);
  const leftOut = leftOutOf(session, scene);
  const isCoarse = (dpi: number) => scene.slides.isCoarse(cells, scaleOf(unit, dpi));
  return { figure, options, cells, parts, mostDpi: Math.floor((most / unit) * 72), isCoarse, leftOut };
}

/** Cells and what is drawn with them: as circles and lines where there are few, and else as pictures. */
function cellShapes(cells: Box, vectors: Vectors | null, hasImages: boolean) {
  const parts = new Map<PictureShape['what'], readonly Part[]>();
  const picture = (what: PictureShape['what'], some: readonly Part[]): Shape => {
    parts.set(what, some);
    return { kind: 'picture', what, ...cells };
  };
  if (!vectors) return { parts, shapes: [picture('cells', ALL)] };
  const { edges, cells: discs, overlays } = vectors;
  const under: Part[] = [...(hasImages ? ['images' as const] : []), ...(edges ? [] : ['edges' as const])];
  const below = discs
    ? [
        ...(under.length > 0 ? [picture('ground', under)] : []),
        ...(edges ?? []),
        { kind: 'group', name: 'points', clip: null, shapes: discs } satisfies GroupShape,
      ]
    : [picture('cells', ['images', 'edges', 'cells'])];
  return { parts, shapes: [...below, ...(overlays ?? [picture('overlays', ['overlays'])])] };
}

/** Whether something crosses the edges of the cells' box: else a mask would only be in the way of who edits the file. */
function sticksOut(shapes: readonly Shape[], box: Box): boolean {
  const isOut = (x: number, y: number, by: number) =>
    x - by < box.x || x + by > box.x + box.width || y - by < box.y || y + by > box.y + box.height;
  return shapes.some((shape) => {
    if (shape.kind === 'group') return sticksOut(shape.shapes, box);
    const flat = shape.kind === 'discs' ? shape.spots : shape.kind === 'paths' ? shape.corners : [];
    const each = shape.kind === 'discs' ? 3 : 2;
    for (let at = 0; at < flat.length; at += each)
      if (isOut(flat[at], flat[at + 1], each === 3 ? flat[at + 2] : 0)) return true;
    return false;
  });
}

function labelsIn(scene: Scene, cells: Box, unit: number, measure: Measure): PlacedLabel[] {
  // No letters are below five points.
  const small = Math.max(SMALL_LABEL, 5 / unit);
  const widthOf = (text: string, isSmall: boolean) => measure(text, isSmall ? small : TEXT, true);
  return scene.labelsIn(cells, widthOf).map(({ text, x, y, width, isSmall }) => {
    const size = isSmall ? small : TEXT;
    const room = width - (isSmall ? SMALL_LABEL_PADDING : LABEL_PADDING) + 0.5;
    return { text: fit(text, room, (each) => measure(each, size, true)), x, y, size };
  });
}

/** The line between both sides, through the same cells as on the page. */
function curtainOf({ curtain, view }: Session, cells: Box, colors: SceneColors): GroupShape[] {
  if (!curtain.isDrawn.peek()) return [];
  const page = view.size.peek();
  const grow = Math.min(cells.width / page.width, cells.height / page.height);
  return [curtainShapes(curtainIn(curtain.at.peek(), (grow * page.width) / cells.width), cells, colors)];
}

function scaleBarIn({ view }: Session, scene: Scene, cells: Box) {
  if (!view.hasLengths.peek()) return null;
  return scaleBarOf(scene.zoomIn(cells), view.micronsPerUnit.peek(), cells.width * BAR_SHARE);
}

function axesOf({ bundle, view }: Session, scene: Scene, cells: Box) {
  const shown = view.embedding.peek();
  if (!shown) return [];
  const names = axisNames(bundle, shown).slice(0, view.solid.peek() ? 3 : 2);
  return scene
    .axesIn(cells)
    .slice(0, names.length)
    .map((way, axis) => ({ name: names[axis], ...way }));
}
