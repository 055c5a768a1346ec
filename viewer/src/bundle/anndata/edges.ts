import { ViewerError } from '../../bytes/errors';
import type { Numbers } from '../../bytes/numbers';
import type { Edges, GraphInfo, OnProgress } from '../bundle';
import { checkEdges } from '../edges';
import { halves } from '../halves';
import type { ArrayReader } from './arrays';
import type { Documents } from './documents';

const PATH = 'obsp/connectivities';

/** The neighbour graph of a store: a symmetric matrix, of which each edge lies twice. */
export function graphOf(documents: Documents): GraphInfo | null {
  if (documents.encoding(PATH) !== 'csr_matrix') return null;
  return { label: 'connectivities', nEdges: Math.floor(documents.array(`${PATH}/indices`).shape[0] / 2) };
}

export async function readEdges(
  reader: ArrayReader,
  nCells: number,
  onProgress?: OnProgress,
): Promise<Edges> {
  const [count] = reader.store.documents.array(`${PATH}/indices`).shape;
  const [first, second] = halves(onProgress);
  const [ends, neighbours] = await Promise.all([
    reader.numbers(`${PATH}/indptr`, [nCells + 1], first),
    reader.numbers(`${PATH}/indices`, [count], second),
  ]);
  const rises = ends.every((end, at) => end >= (at === 0 ? 0 : ends[at - 1]));
  if (ends[0] !== 0 || ends[nCells] !== count || !rises) {
    throw new ViewerError(
      `${PATH} in ${reader.store.files.where} contradicts itself: where the rows begin.`,
      'The store is a mix of two, or damaged: write it again.',
    );
  }
  return upperHalf(ends, neighbours, nCells, `${PATH} in ${reader.store.files.where}`);
}

/** The pairs whose second cell is the larger; rows of others' stores need not be sorted. */
function upperHalf(ends: Numbers, neighbours: Numbers, nCells: number, where: string): Edges {
  const sources = new Uint32Array(neighbours.length);
  const targets = new Uint32Array(neighbours.length);
  let count = 0;
  for (let cell = 0; cell < nCells; cell++) {
    const begin = count;
    for (let at = ends[cell]; at < ends[cell + 1]; at++) {
      if (neighbours[at] <= cell) continue;
      sources[count] = cell;
      targets[count++] = neighbours[at];
    }
    targets.subarray(begin, count).sort();
  }
  return checkEdges(sources.slice(0, count), targets.slice(0, count), nCells, where);
}
