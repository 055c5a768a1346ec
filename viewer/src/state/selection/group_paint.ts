import { orderMissingFirst } from '../colouring/order';
import type { CategoryPaint } from '../colouring/paint';
import type { Group } from './groups';

/** The colours of groups. A cell in several of them has that of the last. */
export function paintGroups(groups: readonly Group[], nCells: number): CategoryPaint {
  const values = new Float32Array(nCells).fill(NaN);
  groups.forEach(({ cells }, code) => {
    for (let at = 0; at < cells.length; at++) values[cells[at]] = code;
  });
  const counts = new Uint32Array(groups.length);
  let nMissing = 0;
  for (let cell = 0; cell < nCells; cell++) {
    const code = values[cell];
    if (Number.isNaN(code)) nMissing++;
    else counts[code]++;
  }
  return {
    kind: 'category',
    values,
    order: nMissing > 0 ? orderMissingFirst(values, nMissing) : null,
    labels: groups.map(({ name }) => name),
    colors: groups.map(({ color }) => color),
    counts,
    nMissing,
  };
}

/** The number of cells in several groups: memberships that the colours do not show. */
export function countHidden(groups: readonly Group[], { counts }: CategoryPaint): number {
  const members = groups.reduce((sum, { cells }) => sum + cells.length, 0);
  return members - counts.reduce((sum, count) => sum + count, 0);
}
