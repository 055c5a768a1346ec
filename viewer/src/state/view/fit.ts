import type { Camera, Size } from './camera';
import { turn, type Part, type Turn } from './part';

/** The bounds of the drawn cells, relative to the embedding's origin. */
export interface Bounds {
  readonly minimum: readonly number[];
  readonly maximum: readonly number[];
}

const MARGIN = 28;
/**
 * The corner of the buttons (tools.css), and a gap: a column, or a row at the bottom of a low or narrow stage. In small
 * windows, of which they take a larger share, they lie over cells.
 */
const COLUMN: Size = { width: 68, height: 430 };
const ROW_HEIGHT = 58;
const LOW = 480;
const NARROW = 520;
const MOST_LOST = 0.45;
const MUCH_LARGER = 1.25;
/** The height of the caption (stage.css), and of a name below it. */
const CAPTION = 54;
const NAME = 22;
/** The height of the bar of a section that is shown alone (section_bar.css), which has two rows on a narrow stage. */
const BAR = { wide: 40, narrow: 78 };
/** Shares of the height that a caption takes at most, with and without a bar. */
const MOST_ABOVE = { bar: 1 / 3, caption: 1 / 6 };
/** The vertical field of view of deck.gl's orbit view. */
const FIELD_OF_VIEW = (50 * Math.PI) / 180;
/** Slightly tilted, so that depth is visible at once. */
const FIRST_PITCH = 20;
const FIRST_TURN = -30;

export interface FitOptions {
  /** Leaves room for names above the cells. */
  readonly hasNames?: boolean;
  /** Leaves room for spots of this diameter around the cells. */
  readonly spot?: number;
  /** Leaves room for the bar of a section. */
  readonly hasBar?: boolean;
  /** Whether there are no caption and no buttons, as in a panel beside the stage. */
  readonly isBare?: boolean;
}

/** The camera that shows all cells of a plane, below the caption and beside the buttons. */
export function fitFlat(
  bounds: Bounds,
  size: Size,
  yAxis: 'up' | 'down',
  { hasNames = false, spot = 0, hasBar = false, isBare = false }: FitOptions = {},
): Camera {
  const [x, y] = middleOf(bounds);
  const [width, height] = [0, 1].map((axis) => bounds.maximum[axis] - bounds.minimum[axis] + spot);
  // A single cell, or cells on one point, have no extent: one unit then fills the window.
  if (!width && !height) return { x, y, zoom: Math.log2(Math.max(1, Math.min(size.width, size.height))) };
  const bar = size.width < NARROW ? BAR.narrow : BAR.wide;
  const wanted = (isBare ? 0 : CAPTION) + (hasNames ? NAME : 0) + (hasBar ? bar : 0);
  const caption = Math.min(wanted, size.height * (hasBar ? MOST_ABOVE.bar : MOST_ABOVE.caption));
  const { scale, margins } = roomFor(size, { width, height }, caption, isBare);
  const [right, down] = [(margins.left - margins.right) / 2, (margins.top - margins.bottom) / 2];
  return {
    x: x - right / scale,
    y: y - ((yAxis === 'down' ? 1 : -1) * down) / scale,
    zoom: Math.log2(scale),
  };
}

/** The bounds of some cells of a plane as they are drawn; null if none has coordinates. */
export function boundsAsDrawn(
  { positions, width }: { readonly positions: Float32Array; readonly width: number },
  { start, end }: Pick<Part, 'start' | 'end'>,
  way: Turn,
): Bounds | null {
  const [minimum, maximum] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ];
  for (let cell = start; cell < end; cell++) {
    const drawn = turn(way, positions[cell * width], positions[cell * width + 1]);
    for (const axis of [0, 1]) {
      // NaN is neither less nor greater.
      if (drawn[axis] < minimum[axis]) minimum[axis] = drawn[axis];
      if (drawn[axis] > maximum[axis]) maximum[axis] = drawn[axis];
    }
  }
  return minimum[0] <= maximum[0] && minimum[1] <= maximum[1] ? { minimum, maximum } : null;
}

/** The camera that shows a whole ball of cells, in any rotation. */
export function fitOrbit(bounds: Bounds, radius: number, size: Size): Camera {
  const [x, y, z] = middleOf(bounds);
  const room = roomIn(size);
  const half = Math.min(room.width, room.height) / 2;
  // In perspective a ball looks larger than its radius at the centre: hence sin instead of tan.
  const distance = size.height / 2 / Math.tan(FIELD_OF_VIEW / 2);
  const pixels = (half * distance) / Math.hypot(half, distance);
  return {
    x,
    y,
    zoom: Math.log2(Math.max(1, pixels) / (radius || 1)),
    orbit: { z, pitch: FIRST_PITCH, turn: FIRST_TURN },
  };
}

/** The radius of the ball around the centre of the bounds that holds all cells. */
export function ballRadius(positions: Float32Array, bounds: Bounds): number {
  const [x, y, z] = middleOf(bounds);
  let farthest = 0;
  for (let at = 0; at < positions.length; at += 3) {
    const dx = positions[at] - x;
    const dy = positions[at + 1] - y;
    const dz = positions[at + 2] - z;
    const distance = dx * dx + dy * dy + dz * dz;
    // For cells without coordinates the distance is NaN, which is never greater.
    if (distance > farthest && distance < Infinity) farthest = distance;
  }
  return Math.sqrt(farthest);
}

function middleOf({ minimum, maximum }: Bounds): number[] {
  return minimum.map((low, axis) => (low + maximum[axis]) / 2);
}

interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Placed {
  readonly margins: Margins;
  readonly scale: number;
}

/** Margins for a box of cells: even ones, unless the box would then lie under the caption or the buttons. */
function roomFor(size: Size, box: Size, caption: number, isBare: boolean): Placed {
  const side = (size.width - roomIn(size).width) / 2;
  const above = (size.height - roomIn(size).height) / 2;
  const top = Math.max(above, caption);
  const place = (margins: Margins): Placed => {
    const placed = scaled(size, box, margins);
    const end = (size.height + margins.top - margins.bottom - box.height * placed.scale) / 2;
    return end < top ? scaled(size, box, { ...margins, top }) : placed;
  };
  const even = { left: side, right: side, top: above, bottom: above };
  const placed = place(even);
  const buttons = buttonsIn(size);
  if (isBare || !liesUnder(buttons, size, box, placed)) return placed;
  const left = buttons.width < size.width * MOST_LOST ? place({ ...even, right: buttons.width }) : null;
  const over = buttons.height < size.height * MOST_LOST ? place({ ...even, bottom: buttons.height }) : null;
  // To the left of the buttons cells look more centred than above them.
  if (left && over) return over.scale > MUCH_LARGER * left.scale ? over : left;
  return left ?? over ?? placed;
}

function scaled(size: Size, box: Size, margins: Margins): Placed {
  const width = Math.max(1, size.width - margins.left - margins.right);
  const height = Math.max(1, size.height - margins.top - margins.bottom);
  return { margins, scale: Math.min(width / (box.width || 1), height / (box.height || 1)) };
}

function buttonsIn({ width, height }: Size): Size {
  return height <= LOW || width <= NARROW ? { width, height: ROW_HEIGHT } : COLUMN;
}

function liesUnder(buttons: Size, size: Size, box: Size, { margins, scale }: Placed): boolean {
  const right = (size.width + margins.left - margins.right + box.width * scale) / 2;
  const bottom = (size.height + margins.top - margins.bottom + box.height * scale) / 2;
  return right > size.width - buttons.width && bottom > size.height - buttons.height;
}

function roomIn({ width, height }: Size): Size {
  const margin = Math.min(MARGIN, width / 8, height / 8);
  return { width: Math.max(1, width - 2 * margin), height: Math.max(1, height - 2 * margin) };
}
