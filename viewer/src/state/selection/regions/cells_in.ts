import type { Bundle } from '../../../bundle/bundle';
import { inSlices } from '../slices';
import type { Cells } from '../sets';
import { Inside } from './inside';
import type { Region } from './region';

/** The cells whose centres lie in a region, in ascending order. Loads the coordinates. */
export async function cellsInRegion(
  { embedding, section, polygons }: Region,
  bundle: Bundle,
): Promise<Cells> {
  const { dims, origin } = bundle.embeddings[embedding];
  const positions = await bundle.coordinates(embedding);
  const item = section === null ? null : bundle.tissue?.sections?.items[section];
  const [start, end] = [item?.start ?? 0, item?.end ?? bundle.nCells];
  const parts = polygons.map((polygon) => new Inside(polygon));
  const cells = new Uint32Array(end - start);
  let length = 0;
  await inSlices(end - start, (from, to) => {
    for (let cell = start + from; cell < start + to; cell++) {
      const [x, y] = [positions[cell * dims] + origin[0], positions[cell * dims + 1] + origin[1]];
      if (parts.some((part) => part.holds(x, y))) cells[length++] = cell;
    }
  });
  return cells.slice(0, length);
}
