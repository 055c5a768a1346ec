import type { Segments } from '../arrows/segments';
import type { DrawnCells } from '../picking/screen_grid';

/** An edge of a cell that is hovered or was clicked. */
export interface Link {
  readonly from: number;
  readonly to: number;
}

/** The lines of links with coordinates at both ends. */
export function segmentsOf(links: readonly Link[], { positions, width, solid }: DrawnCells): Segments {
  const tails = new Float32Array(3 * links.length);
  const tips = new Float32Array(3 * links.length);
  const axes = solid ? 3 : 2;
  let count = 0;
  for (const { from, to } of links) {
    let placed = true;
    for (let axis = 0; axis < axes; axis++) {
      const [tail, tip] = [positions[from * width + axis], positions[to * width + axis]];
      if (Number.isNaN(tail + tip)) placed = false;
      tails[3 * count + axis] = tail;
      tips[3 * count + axis] = tip;
    }
    if (placed) count++;
  }
  return { tails, tips, count };
}
