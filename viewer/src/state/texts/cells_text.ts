import { formatCount, formatCounted } from './format';
import type { Session } from '../session';

/** The number of shown cells, and of those among them that have no value of the colours. */
export function cellsText({ bundle, filters, colouring }: Session): string {
  const [shown, all] = [filters.nShown.value, bundle.nCells];
  const cells =
    shown === all
      ? `${formatCounted(all, 'cell')}`
      : `${formatCount(shown)} of ${formatCounted(all, 'cell')}`;
  const nMissing = colouring.nMissing.value;
  if (nMissing === 0) return cells;
  const { by } = colouring.current.value.by;
  return `${cells}, ${formatCount(nMissing)} ${by === 'groups' ? 'in no group' : 'without a value'}`;
}
