import type { TextBlock } from '../../../cells/cell_texts';
import type { ArrayReader } from '../zarr/arrays';

/** A chunk of this few texts is small; the size of a larger one is not stored anywhere. */
const FEW = 1024;
const TEXT_NBYTES = 32;

/** The texts of a cell's chunk. `mask` is the path of an array that marks missing values. */
export function textBlock(
  reader: ArrayReader,
  path: string,
  nCells: number,
  cell: number,
  mask?: string,
): TextBlock {
  const [size] = reader.store.documents.array(path).chunks;
  const key = Math.floor(cell / size);
  const from = key * size;
  const to = Math.min(nCells, from + size);
  const load = async (signal: AbortSignal) => {
    const [texts, missing] = await Promise.all([
      reader.textSlice(path, nCells, from, to, signal),
      mask === undefined ? null : reader.slice(mask, nCells, from, to, signal),
    ]);
    return (at: number) => (missing && missing[at - from] !== 0 ? null : texts[at - from]);
  };
  return { key, nbytes: to - from <= FEW ? (to - from) * TEXT_NBYTES : null, load };
}
