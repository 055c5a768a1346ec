import { sharesOf, stepsOf } from '../../state/genes/blend';
import { SCALES } from '../../state/colouring/scale';
import type { SceneSession } from '../../state/drawing/scene_session';
import type { SceneColors } from '../colors';
import { curtainIn, type Drawing } from '../figure/drawing';
import { linear } from '../opacity';
import type { Diameters } from './diameter';
import type { Sides } from './sides';
import { PointsLayer, type PointsLayerProps, type Travel } from './points_layer';

/** In 3-D, cells below this opacity do not hide those behind them. */
const MIST = 0.5;

/** How the cells are drawn, as far as the session alone does not say. */
interface Look {
  /** One byte per cell: 255 is shown, 0 hidden, and values between are faint; null shows all. */
  readonly mask: Uint8Array<ArrayBuffer> | null;
  /** RGBA bytes of the colours. */
  readonly table: Uint8Array<ArrayBuffer>;
  readonly diameters: Diameters;
  readonly drawing: Drawing;
  readonly modelMatrix: Float32Array | null;
  /** What is left of the opacity where something else is drawn in the place of points. */
  readonly share: number;
  readonly travel: Travel | null;
  /** The part of the width that is drawn; null for all. */
  readonly clip: readonly [number, number] | null;
  /** Tells the layers of a curtain apart. */
  readonly side?: '-right';
}

/** How cells are coloured, wherever they lie. */
type Coloured = Pick<
  PointsLayerProps,
  | 'blend'
  | 'range'
  | 'scale'
  | 'base'
  | 'zeroColor'
  | 'opacity'
  | 'plainColor'
  | 'missingColor'
  | 'stageColor'
>;

/** How the colouring of a session colours cells. Reads signals. */
export function coloured(
  { colouring, appearance }: Pick<SceneSession, 'colouring' | 'appearance'>,
  colors: SceneColors,
): Coloured {
  const { paint } = colouring.current.value;
  const base = paint.kind === 'number' ? paint.base : 0;
  const scale = colouring.scale.value;
  // On a linear scale, values far from zero keep their differences.
  const [low, high] = colouring.range.value.map((end) =>
    scale === 'linear' ? end - base : SCALES[scale].to(end),
  );
  return {
    blend:
      paint.kind === 'blend'
        ? { ...sharesOf(paint, colouring.blendRanges.value), steps: stepsOf(paint.genes.length) }
        : null,
    range: [low, high],
    scale,
    base,
    zeroColor: colouring.hasGreyZeros.value ? colors.zero : null,
    opacity: linear(appearance.opacity.value),
    plainColor: colors.plain,
    missingColor: colors.missing,
    stageColor: colors.stage,
  };
}

/** A session, or one with other colours. */
type Drawn = Pick<SceneSession, 'view' | 'colouring' | 'appearance'>;

/**
 * The cells of a session, as points: a layer of all, or one for each side of a curtain. Reads signals: whoever calls it
 * in an effect is called again.
 */
export function cellsLayers(sides: Sides, look: Omit<Look, 'diameters' | 'clip' | 'side'>): PointsLayer[] {
  const { session, diameters } = sides.left;
  const { right } = sides;
  if (!right) return [cellsLayer(session, { ...look, diameters, clip: null })];
  const table = right.colouring.table.value;
  const from = curtainIn(right.from, look.drawing.wide);
  return [
    cellsLayer(session, { ...look, diameters, clip: [0, from] }),
    cellsLayer(right.session, {
      ...{ ...look, table, diameters: right.diameters },
      ...{ clip: [from, 1], side: '-right' },
    }),
  ];
}

function cellsLayer(session: Drawn, look: Look): PointsLayer {
  const { view, colouring, appearance } = session;
  const { positions, width, radius } = view.embedding.value!;
  const { paint } = colouring.current.value;
  const plain = paint.kind === 'plain';
  const solid = view.solid.value;
  const mist = solid && appearance.opacity.value < MIST;
  const { unit, points: factor } = look.drawing;
  return new PointsLayer({
    // A layer for each layout of buffers and pipeline.
    id: `cells-${width}${solid ? '-deep' : ''}${mist ? '-mist' : ''}${look.side ?? ''}`,
    positions,
    travel: look.travel,
    clip: look.clip,
    width,
    solid,
    mist,
    radius,
    values: plain ? null : paint.values,
    order: plain ? null : paint.order,
    mask: look.mask,
    table: look.table,
    kind: paint.kind,
    diameter: look.diameters.plain.value * unit * factor,
    angle: angleOf(view),
    unit,
    growth: look.diameters.growth.value,
    ...coloured(session, look.drawing.colors),
    opacity: linear(appearance.opacity.value * look.share),
    modelMatrix: look.modelMatrix,
  });
}

/** Radians from right to down by which square spots are turned on the screen; null for discs. */
function angleOf({ embedding, solid }: SceneSession['view']): number | null {
  const { spotAngle = null, yAxis } = embedding.value!.info;
  if (spotAngle === null || solid.value) return null;
  return yAxis === 'down' ? spotAngle : -spotAngle;
}
