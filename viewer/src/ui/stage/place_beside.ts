import type { Size } from '../../state/view/camera';

/** A cell on the stage, in pixels. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly diameter: number;
}

export interface Place {
  readonly left: number;
  readonly top: number;
  /** Less than that of the box, if there is no room for all of it. */
  readonly height: number;
}

/** Distance between a cell and the box, and between the box and the edge of the stage. */
const GAP = 12;
const EDGE = 8;

/**
 * The position of a cell's tooltip: to the right of it or, if there is no room, to the left, below or above.
 * It never covers the cell, even if it must be cut.
 */
export function placeBeside({ x, y, diameter }: Spot, box: Size, stage: Size): Place {
  const away = diameter / 2 + GAP;
  const inside = (at: number, side: number, room: number) => Math.max(EDGE, Math.min(at, room - EDGE - side));
  const right = x + away;
  const left = x - away - box.width;
  const height = Math.min(box.height, stage.height - 2 * EDGE);
  const aside = inside(y - height / 3, height, stage.height);
  if (right + box.width <= stage.width - EDGE) return { left: right, top: aside, height };
  if (left >= EDGE) return { left, top: aside, height };
  const below = stage.height - EDGE - (y + away);
  const above = y - away - EDGE;
  const across = inside(x - box.width / 2, box.width, stage.width);
  if (below >= height || below >= above)
    return { left: across, top: y + away, height: Math.max(0, Math.min(height, below)) };
  const cut = Math.max(0, Math.min(height, above));
  return { left: across, top: y - away - cut, height: cut };
}
