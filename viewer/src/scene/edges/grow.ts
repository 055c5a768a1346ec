import type { Edges } from '../../bundle/bundle';
import { cellsWhere, type Cells } from '../../state/selection/sets';

/** Most steps along edges: with more, nearly all cells are neighbours. */
export const MOST_HOPS = 3;

export interface Growth {
  readonly cells: Cells;
  readonly hops: number;
  /** One byte per cell, 0 is hidden: both ends of an edge must be shown. Null shows all. */
  readonly mask: Uint8Array | null;
}

/** The other cells that at most so many edges lead to. Goes through all edges once per hop. */
export function neighboursWithin({ sources, targets }: Edges, nCells: number, growth: Growth): Cells {
  const { cells, hops, mask } = growth;
  // 1 for the cells themselves, one more for each hop; 0 for those that are not reached.
  const reached = new Uint8Array(nCells);
  for (let at = 0; at < cells.length; at++) reached[cells[at]] = 1;
  for (let hop = 1; hop <= hops; hop++) {
    for (let edge = 0; edge < sources.length; edge++) {
      const [source, target] = [sources[edge], targets[edge]];
      const [one, other] = [reached[source], reached[target]];
      if ((one === 0) === (other === 0) || one > hop || other > hop) continue;
      if (mask && (mask[source] === 0 || mask[target] === 0)) continue;
      reached[one === 0 ? source : target] = hop + 1;
    }
  }
  return cellsWhere(nCells, (cell) => reached[cell] > 1);
}
