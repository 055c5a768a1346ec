import type { Section } from '../../../bundle/tissue';

/** The number of the section of a cell. */
export function sectionOfCell(items: readonly Section[], cell: number): number | null {
  let [low, high] = [0, items.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (cell < items[middle].start) high = middle - 1;
    else if (cell >= items[middle].end) low = middle + 1;
    else return middle;
  }
  return null;
}
