import { ViewerError } from '../../../bytes/errors';
import type { Numbers } from '../../../bytes/numbers';
import type { Edges, GraphInfo, LoadOptions } from '../../bundle';
import { checkEdges } from '../../edges';
import { splitProgress } from '../../live/progress';
import type { ArrayReader } from './zarr/arrays';
import type { Documents } from './zarr/documents';

const PATH = 'obsp/connectivities';

/**
 * The neighbour graph of a store. Usually a symmetric matrix, which has each edge twice; otherwise the number of
 * edges is known once they are read.
 */
export function graphOf(documents: Documents): GraphInfo | null {
  if (!['csr_matrix', 'csc_matrix'].includes(documents.encoding(PATH))) return null;
  return { label: 'connectivities', nEdges: Math.floor(documents.array(`${PATH}/indices`).shape[0] / 2) };
}

export async function readEdges(
  reader: ArrayReader,
  nCells: number,
  { onProgress, signal }: LoadOptions,
): Promise<Edges> {
  const [count] = reader.store.documents.array(`${PATH}/indices`).shape;
  const [first, second] = splitProgress(onProgress);
  const [ends, neighbours] = await Promise.all([
    reader.numbers(`${PATH}/indptr`, [nCells + 1], { onProgress: first, signal }),
    reader.numbers(`${PATH}/indices`, [count], { onProgress: second, signal }),
  ]);
  const where = `${PATH} in ${reader.store.files.where}`;
  const rises = ends.every((end, at) => end >= (at === 0 ? 0 : ends[at - 1]));
  if (ends[0] !== 0 || ends[nCells] !== count || !rises) {
    throw new ViewerError(
      `${where} is inconsistent: the positions where rows begin.`,
      'The store is damaged, or a mixture of two: write it again.',
    );
  }
  return pairsOf(ends, neighbours, nCells, where);
}

/**
 * Each pair of cells once, sorted, from either half of the matrix, so it does not matter which axis comes first.
 * Neighbours in stores of other programs need not be sorted.
 */
function pairsOf(ends: Numbers, neighbours: Numbers, nCells: number, where: string): Edges {
  const begins = smallerCells(ends, neighbours, nCells, where);
  const larger = new Uint32Array(begins[nCells]);
  const free = begins.slice(0, nCells);
  eachPair(ends, neighbours, nCells, (low, high) => (larger[free[low]++] = high));
  const sources = new Uint32Array(larger.length);
  let count = 0;
  for (let cell = 0; cell < nCells; cell++) {
    const mine = larger.subarray(begins[cell], begins[cell + 1]).sort();
    const first = count;
    for (const other of mine) {
      if (count > first && larger[count - 1] === other) continue; // also in the other half
      sources[count] = cell;
      larger[count++] = other; // never overtakes the reading
    }
  }
  return checkEdges(sources.slice(0, count), larger.slice(0, count), nCells, where);
}

/** Start of the pairs whose smaller cell is this one, for each cell. */
function smallerCells(ends: Numbers, neighbours: Numbers, nCells: number, where: string): Uint32Array {
  const outside = neighbours.find((cell) => !(cell >= 0 && cell < nCells));
  if (outside !== undefined) {
    throw new ViewerError(
      `The neighbours in ${where} are damaged: they contain cell ${outside}, but there are ${nCells.toLocaleString('en')} cells.`,
      'The store is damaged, or a mixture of two: write it again.',
    );
  }
  const begins = new Uint32Array(nCells + 1);
  eachPair(ends, neighbours, nCells, (low) => begins[low + 1]++);
  for (let cell = 0; cell < nCells; cell++) begins[cell + 1] += begins[cell];
  return begins;
}

function eachPair(
  ends: Numbers,
  neighbours: Numbers,
  nCells: number,
  take: (low: number, high: number) => void,
): void {
  for (let cell = 0; cell < nCells; cell++) {
    for (let at = ends[cell]; at < ends[cell + 1]; at++) {
      const other = neighbours[at];
      if (other !== cell) take(Math.min(cell, other), Math.max(cell, other));
    }
  }
}
