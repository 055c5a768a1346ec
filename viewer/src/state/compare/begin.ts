import type { Colouring } from '../colouring/colouring';
import { countShown } from '../lists/shown_counts';
import type { Compare } from './compare';
import { FEWEST_CELLS, FIRST_SIDES } from './sides';

/** Where nothing is chosen or selected, the first shown category of the colours is compared with the rest. */
export function chooseFirstSides(compare: Compare, colouring: Colouring): void {
  const { bundle, filters, selection } = compare.sources;
  if (compare.sides.peek() !== FIRST_SIDES || selection.cells.peek().length > 0) return;
  const last = colouring.lastCategories.peek();
  const column =
    last?.column ?? bundle.columns.findIndex(({ kind }) => kind === 'category' || kind === 'bool');
  if (column < 0) return;
  const counts = last ? countShown(last.paint, filters.mask.peek()).counts : [];
  const code = Math.max(
    0,
    counts.findIndex((count) => count >= FEWEST_CELLS),
  );
  compare.sides.value = [{ is: 'category', column, code }, { is: 'rest' }];
}
