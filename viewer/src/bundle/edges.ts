import { ViewerError } from '../bytes/errors';
import type { Numbers } from '../bytes/numbers';
import type { Edges } from './bundle';

/** Throws unless these are sorted pairs of existing cells: drawing them uses the numbers as indices. */
export function checkEdges(sources: Numbers, targets: Numbers, nCells: number, where: string): Edges {
  let before = -1;
  let beyond = -1;
  for (let edge = 0; edge < sources.length; edge++) {
    const source = sources[edge];
    const target = targets[edge];
    const inOrder = source > before || (source === before && target > beyond);
    if (!inOrder || source >= target || target >= nCells) {
      throw new ViewerError(
        `The neighbours in ${where} are damaged: edge ${edge} goes from cell ${source} to cell ${target} ` +
          `of ${nCells.toLocaleString('en')}, but pairs must be sorted and unique, with the smaller cell first.`,
        'The bundle is damaged, or a mixture of two exports: export it again.',
      );
    }
    before = source;
    beyond = target;
  }
  return { sources, targets };
}
