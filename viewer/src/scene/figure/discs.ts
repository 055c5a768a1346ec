import { hex } from '../../state/colouring/contrast';
import type { Cells } from '../../state/selection/sets';
import { inSlices } from '../../state/selection/slices';
import type { DiscsShape } from '../../state/picture/shapes';
import { discAt, projectInto, type Projection } from '../view/projection';
import type { DrawnCells } from '../picking/screen_grid';

/** More cells than this are a picture: programs for drawings hardly open more circles. */
export const MOST_DISCS = 50_000;
/** In 3-D, cells are grouped in so many layers, from the farthest to the nearest. */
const LAYERS = 24;
/** As in the shader: how much of the farthest cells the background takes, and what is left of faint ones. */
const MIST = 0.45;
const FAINT = 0.14;

type Rgb = readonly number[];

/** How cells are coloured, as in the shader. */
export interface DiscColors {
  /** The number of a cell's colour. */
  readonly slotOf: (cell: number) => number;
  readonly colorOf: (slot: number) => Rgb;
  readonly nameOf: (slot: number) => string;
  /** The slots in drawing order, from back to front: only those that cells have need be among them. */
  readonly order: (slots: readonly number[]) => readonly number[];
  readonly stage: Rgb;
  readonly opacity: number;
}

export interface DiscsOf {
  readonly drawn: DrawnCells;
  /** Cells in drawing order; null for their own order. */
  readonly cells: Cells | null;
  /** One byte per cell: below 230 they are faint, as they are not selected. Null: none is. */
  readonly emphasis: Uint8Array | null;
  readonly diameterOf: (cell: number) => number;
  readonly projection: Projection;
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Units of the frame per pixel of the page, in which diameters are. */
  readonly grow: number;
  /** Radius of the ball around all cells, in the unit of the projection's depth. */
  readonly depth: number;
  readonly colors: DiscColors;
}

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly radius: number;
  readonly slot: number;
  readonly isFaint: boolean;
}

/** The shown cells in a frame as discs, in groups of one colour; null if there are too many. */
export async function discsIn(of: DiscsOf, isWanted: () => boolean): Promise<DiscsShape[] | null> {
  const spots = await spotsIn(of, isWanted);
  if (!spots) return null;
  if (!of.drawn.solid) return grouped(spots, of, 0, '');
  spots.sort((one, other) => other.w - one.w);
  const [far, near] = [spots[0]?.w ?? 0, spots.at(-1)?.w ?? 0];
  const layers = Array.from({ length: LAYERS }, (): Spot[] => []);
  for (const spot of spots)
    layers[Math.min(LAYERS - 1, Math.floor(((far - spot.w) / (far - near || 1)) * LAYERS))].push(spot);
  return layers.flatMap((some, layer) => {
    if (some.length === 0) return [];
    const depth = (some[some.length >> 1].w - of.projection.focal) / of.depth;
    return grouped(some, of, MIST * smoothstep(-0.4, 1, depth), `, layer ${layer + 1}`);
  });
}

async function spotsIn(of: DiscsOf, isWanted: () => boolean): Promise<Spot[] | null> {
  const { drawn, cells, emphasis, projection, frame, grow, colors } = of;
  const { positions, width, solid, mask } = drawn;
  const at = new Float64Array(3);
  const spots: Spot[] = [];
  await inSlices(positions.length / width, (from, to) => {
    if (spots.length > MOST_DISCS || !isWanted()) return;
    for (let index = from; index < to; index++) {
      const cell = cells ? cells[index] : index;
      if (mask && mask[cell] === 0) continue;
      const place = cell * width;
      projectInto(at, projection, positions[place], positions[place + 1], solid ? positions[place + 2] : 0);
      const [x, y, w] = at;
      const radius = (discAt(of.diameterOf(cell), projection, w) / 2) * grow;
      const isSeen = x > -radius && x < frame.width + radius && y > -radius && y < frame.height + radius;
      if (!isSeen || !(w > 0)) continue;
      const isFaint = emphasis !== null && emphasis[cell] < 230;
      const [slot, left, top] = [colors.slotOf(cell), x + frame.x, y + frame.y];
      spots.push({ x: left, y: top, w, radius, slot, isFaint });
      if (spots.length > MOST_DISCS) return;
    }
  });
  return spots.length > MOST_DISCS ? null : spots;
}

function grouped(spots: readonly Spot[], of: DiscsOf, mist: number, suffix: string): DiscsShape[] {
  const { colors, drawn } = of;
  return [true, false].flatMap((isFaint) => {
    const bySlot = new Map<number, Spot[]>();
    for (const spot of spots) {
      if (spot.isFaint !== isFaint) continue;
      const known = bySlot.get(spot.slot);
      if (known) known.push(spot);
      else bySlot.set(spot.slot, [spot]);
    }
    return colors.order([...bySlot.keys()]).map((slot) => {
      const some = bySlot.get(slot)!;
      const flat = new Float32Array(3 * some.length);
      some.forEach(({ x, y, radius }, index) => flat.set([x, y, radius], 3 * index));
      let color = mix(colors.colorOf(slot), colors.stage, mist);
      // In 3-D faint cells are not transparent, as those behind them would be seen.
      if (isFaint && drawn.solid) color = mix(colors.stage, color, FAINT);
      return {
        kind: 'discs',
        name: `${colors.nameOf(slot)}${suffix}${isFaint ? ', not selected' : ''}`,
        fill: hex(color),
        opacity: colors.opacity * (isFaint && !drawn.solid ? FAINT : 1),
        spots: flat,
      };
    });
  });
}

function mix(one: Rgb, other: Rgb, share: number): number[] {
  return one.map((byte, channel) => byte + (other[channel] - byte) * share);
}

function smoothstep(low: number, high: number, value: number): number {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return share * share * (3 - 2 * share);
}
