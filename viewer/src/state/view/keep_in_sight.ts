import type { Camera, Size } from './camera';
import type { EmbeddingView, ShownEmbedding } from './embedding_view';
import { fitFlat } from './fit';

/** Most cells to look at: enough for a box around them. */
const SAMPLE = 5000;
/** Cells at the edge that may leave the view, on each side. */
const BEYOND = 0.02;
/** If the view held more of the cells than this, it shows all of them again. */
const MOST = 0.8;
/** A camera that is nearer than that of all cells by less than this is that of all cells. */
const NEARER = 0.15;

/**
 * The camera for another embedding that keeps the cells in sight which are in view; null if all cells fit, or in
 * 3-D.
 */
export function keepInSight(view: EmbeddingView, next: ShownEmbedding): Camera | null {
  const [shown, camera, size] = [view.embedding.peek(), view.moved.peek(), view.size.peek()];
  if (!shown || !camera || camera.orbit || next.width !== 2) return null;
  const cells = cellsAround(shown, camera, size);
  const nCells = shown.positions.length / shown.width;
  if (cells.length === 0 || cells.length > MOST * nCells) return null;
  const box = boxAround(cells, next);
  if (!box) return null;
  const whole = fitFlat(next.bounds, size, next.info.yAxis);
  const near = fitFlat(box, size, next.info.yAxis);
  return near.zoom > whole.zoom + NEARER ? near : null;
}

/** The cells in the window, in a plane. */
function cellsAround({ positions, width }: ShownEmbedding, { x, y, zoom }: Camera, size: Size): number[] {
  const [half, tall] = [size.width / 2 / 2 ** zoom, size.height / 2 / 2 ** zoom];
  const cells: number[] = [];
  for (let cell = 0, at = 0; at < positions.length; cell++, at += width)
    if (Math.abs(positions[at] - x) <= half && Math.abs(positions[at + 1] - y) <= tall) cells.push(cell);
  return cells;
}

function boxAround(cells: readonly number[], { positions, width }: ShownEmbedding) {
  const step = Math.max(1, Math.ceil(cells.length / SAMPLE));
  const sampled = cells.filter((_, at) => at % step === 0);
  const [xs, ys] = [0, 1].map((axis) =>
    Float32Array.from(sampled, (cell) => positions[cell * width + axis])
      .filter((value) => !Number.isNaN(value))
      .sort(),
  );
  if (xs.length === 0 || ys.length === 0) return null;
  const at = (values: Float32Array, share: number) => values[Math.round(share * (values.length - 1))];
  return {
    minimum: [at(xs, BEYOND), at(ys, BEYOND)],
    maximum: [at(xs, 1 - BEYOND), at(ys, 1 - BEYOND)],
  };
}
