import type { Camera, Size } from './camera';

/** The bounds of the drawn cells, relative to the embedding's origin. */
export interface Bounds {
  readonly minimum: readonly number[];
  readonly maximum: readonly number[];
}

const MARGIN = 28;
/** The corner of the buttons (stage.css), and a gap. In small windows, of which they take a larger share, they lie over cells. */
const BUTTONS: Size = { width: 68, height: 186 };
const MOST_LOST = 0.45;
/** The vertical field of view of deck.gl's orbit view. */
const FIELD_OF_VIEW = (50 * Math.PI) / 180;
/** Slightly tilted, so that depth is visible at once. */
const FIRST_PITCH = 20;
const FIRST_TURN = -30;

/** The camera that shows all cells of a plane, beside the buttons in the lower right. */
export function fitFlat({ minimum, maximum }: Bounds, size: Size, yAxis: 'up' | 'down'): Camera {
  const [width, height] = [0, 1].map((axis) => maximum[axis] - minimum[axis]);
  const [x, y] = middleOf({ minimum, maximum });
  // A single cell, or cells on one point, have no extent: one unit then fills the window.
  if (!width && !height) return { x, y, zoom: Math.log2(Math.max(1, Math.min(size.width, size.height))) };
  const scaleIn = (room: Size) => Math.min(room.width / (width || 1), room.height / (height || 1));
  const centred = scaleIn(roomIn(size));
  const isFree =
    (size.width + width * centred) / 2 <= size.width - BUTTONS.width ||
    (size.height + height * centred) / 2 <= size.height - BUTTONS.height;
  // The room to the left of the buttons, or above them, whichever shows the cells larger.
  const rooms = isFree ? [] : besideButtons(size);
  const [best] = rooms.sort((one, other) => scaleIn(other) - scaleIn(one));
  if (!best) return { x, y, zoom: Math.log2(centred) };
  const scale = scaleIn(best);
  return {
    x: x + best.right / 2 / scale,
    y: y + ((yAxis === 'down' ? 1 : -1) * best.below) / 2 / scale,
    zoom: Math.log2(scale),
  };
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

/** The rooms without a strip along the right or the bottom, which takes `right` or `below` pixels more than the margin. */
function besideButtons(size: Size): (Size & { readonly right: number; readonly below: number })[] {
  const room = roomIn(size);
  const right = Math.max(0, BUTTONS.width - (size.width - room.width) / 2);
  const below = Math.max(0, BUTTONS.height - (size.height - room.height) / 2);
  const rooms = [];
  if (BUTTONS.width < size.width * MOST_LOST)
    rooms.push({ width: room.width - right, height: room.height, right, below: 0 });
  if (BUTTONS.height < size.height * MOST_LOST)
    rooms.push({ width: room.width, height: room.height - below, right: 0, below });
  return rooms;
}

function roomIn({ width, height }: Size): Size {
  const margin = Math.min(MARGIN, width / 8, height / 8);
  return { width: Math.max(1, width - 2 * margin), height: Math.max(1, height - 2 * margin) };
}
