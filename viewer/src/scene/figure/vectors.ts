import { hex } from '../../state/colouring/contrast';
import type { Box } from '../../state/picture/placed';
import type { DiscsShape, PathsShape } from '../../state/picture/shapes';
import type { SceneSession } from '../../state/drawing/scene_session';
import type { Segments } from '../arrows/segments';
import type { Outline } from '../regions/region_outlines';
import type { Diameters } from '../points/diameter';
import type { DrawnCells } from '../picking/screen_grid';
import type { SceneColors } from '../colors';
import type { Framed } from '../view/deck_camera';
import { discsIn } from './discs';
import { arrowsOf, endsIn, linesOf } from './paths';
import { discColors } from './slots';

/** More lines than these are part of a picture. */
const MOST_EDGES = 20_000;
const MOST_ARROWS = 10_000;
/** Of more edges, nobody looks which ones are in view. */
const MOST_TRIED = 500_000;

/** What a figure of the cells is made of; null is too much for circles and lines, and has to be a picture. */
export interface Vectors {
  readonly edges: readonly PathsShape[] | null;
  readonly cells: readonly DiscsShape[] | null;
  readonly overlays: readonly PathsShape[] | null;
}

export interface VectorsOf {
  readonly session: SceneSession;
  readonly framed: Framed;
  readonly box: Box;
  readonly diameters: Diameters;
  readonly drawn: DrawnCells;
  readonly emphasis: Uint8Array | null;
  readonly pairs: Uint32Array | null;
  readonly links: Segments | null;
  readonly arrows: Segments | null;
  readonly outlines: readonly Outline[];
  readonly colors: SceneColors;
  /** Factor for the points. */
  readonly points: number;
}

/** The cells in a frame as circles, and edges and arrows as lines. */
export async function vectorsIn(of: VectorsOf, isWanted: () => boolean): Promise<Vectors> {
  const { session, framed, box, drawn, colors, points } = of;
  const { projection, grow } = framed;
  const { view, overlays, colouring } = session;
  const [ink, stage] = [hex(colors.ink), hex(colors.stage)];
  const edges = edgesOf(of);
  // In 3-D, cells hide the lines behind them.
  const isHiding = drawn.solid && edges !== null && edges.length > 0;
  const { paint } = colouring.current.peek();
  const shown = view.embedding.peek();
  const cells =
    edges === null || isHiding || !shown
      ? null
      : await discsIn(
          {
            drawn,
            cells: paint.kind === 'plain' ? null : paint.order,
            emphasis: of.emphasis,
            diameterOf: (cell) => of.diameters.of(cell) * points,
            projection,
            frame: box,
            grow,
            depth: drawn.solid ? (shown.radius * framed.perUnit) / box.height : 1,
            colors: discColors(session, colors),
          },
          isWanted,
        );
  const looks = [
    { segments: of.links, name: 'neighbours', color: hex(colors.accent), width: 2, head: 0 },
    { segments: of.arrows, name: 'arrows', color: ink, width: 1.4, head: 8 },
    ...of.outlines.map(({ name, color, segments }) => ({ segments, name, color, width: 2, head: 0 })),
  ];
  const over = looks.map(({ segments, name, color, width, head }) => {
    const ends = segments ? endsIn(segments, projection, box, MOST_ARROWS) : [];
    const look = { name, color, rim: stage, width: width * grow, head: head * grow, halo: grow };
    return ends && (ends.length > 0 ? arrowsOf(ends, look) : []);
  });
  const drawnEdges =
    edges && edges.length > 0 ? [linesOf(edges, 'edges', ink, overlays.edgeOpacity.peek(), grow)] : [];
  return {
    edges: edges && drawnEdges,
    cells,
    overlays: over.some((each) => each === null) ? null : over.flatMap((each) => each ?? []),
  };
}

/** The ends of the edges in the frame; null if there are too many. */
function edgesOf({ pairs, drawn, framed, box }: VectorsOf): number[] | null {
  if (!pairs) return [];
  const count = pairs.length / 2;
  if (count > MOST_TRIED) return null;
  const [tails, tips] = [new Float32Array(3 * count), new Float32Array(3 * count)];
  const { positions, width, solid } = drawn;
  for (let at = 0; at < pairs.length; at++) {
    const from = pairs[at] * width;
    const ends = at % 2 === 0 ? tails : tips;
    for (let axis = 0; axis < (solid ? 3 : 2); axis++) ends[3 * (at >> 1) + axis] = positions[from + axis];
  }
  return endsIn({ tails, tips, count }, framed.projection, box, MOST_EDGES);
}
