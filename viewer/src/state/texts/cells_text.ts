import { formatCount, formatCounted } from './format';
import type { Session } from '../session';

/** The number of shown cells, and of those among them that have no value of the colours. */
export function cellsText({ bundle, drawn, view, colouring }: Session): string {
  const part = view.part.value;
  const [shown, all] = [drawn.nShown.value, part ? part.end - part.start : bundle.nCells];
  const count =
    shown === all
      ? `${formatCounted(all, 'cell')}`
      : `${formatCount(shown)} of ${formatCounted(all, 'cell')}`;
  const cells = part ? `${count} in this section` : count;
  const nMissing = colouring.nMissing.value;
  if (nMissing === 0) return cells;
  const { by } = colouring.current.value.by;
  return `${cells}, ${formatCount(nMissing)} ${by === 'groups' ? 'in no group' : 'without a value'}`;
}
