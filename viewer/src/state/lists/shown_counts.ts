import type { CategoryPaint } from '../colouring/paint';
import type { Mask } from '../filters/mask';

export interface CategoryCounts {
  readonly counts: Uint32Array;
  readonly nMissing: number;
}

/** Counts the cells of each category, and those without one, that a mask shows; null shows all. */
export function countShown(paint: CategoryPaint, mask: Mask): CategoryCounts {
  if (!mask) return paint;
  const { values, labels } = paint;
  const counts = new Uint32Array(labels.length);
  let nMissing = 0;
  for (let cell = 0; cell < values.length; cell++) {
    if (mask[cell] === 0) continue;
    const code = values[cell];
    if (Number.isNaN(code)) nMissing++;
    else counts[code]++;
  }
  return { counts, nMissing };
}
