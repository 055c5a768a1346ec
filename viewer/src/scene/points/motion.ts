import { effect, signal, untracked } from '@preact/signals-core';
import type { Camera } from '../../state/view/camera';
import type { EmbeddingView, ShownEmbedding } from '../../state/view/embedding_view';
import { NO_TURN } from '../../state/view/part';
import type { Travel } from './points_layer';

const DURATION_MS = 600;
/** With more cells than this, pictures would come too slowly to look like a motion. */
export const MOST_MOVING = 1_000_000;

interface Seen {
  readonly shown: ShownEmbedding;
  readonly camera: Camera;
  /** Whether it is neither turned nor mirrored. */
  readonly isUpright?: boolean;
}

/**
 * Moves cells from one embedding to the next, in a plane. Each begins where it was on the screen, so that the camera
 * needs no way of its own: it is that of the next embedding from the start, and may be moved meanwhile.
 */
export class Motion {
  /** Null while cells are at rest. */
  readonly travel = signal<Travel | null>(null);
  #last: Seen | null = null;
  #frame = 0;
  readonly #stop: () => void;

  constructor(view: EmbeddingView) {
    this.#stop = effect(() => {
      const [shown, camera] = [view.embedding.value, view.camera.value];
      const next =
        shown && camera && view.size.value.width > 0
          ? { shown, camera, isUpright: view.turn.value === NO_TURN }
          : null;
      const last = this.#last;
      this.#last = next;
      if (last?.shown !== next?.shown) untracked(() => this.#begin(last, next));
    });
  }

  destroy(): void {
    this.#stop();
    cancelAnimationFrame(this.#frame);
  }

  #begin(from: Seen | null, to: Seen | null): void {
    cancelAnimationFrame(this.#frame);
    this.travel.value = null;
    if (!from || !to || !canMove(from, to)) return;
    const way = { from: from.shown.positions, fit: fitOf(from, to) };
    const start = performance.now();
    const go = () => {
      const share = (performance.now() - start) / DURATION_MS;
      this.travel.value = share < 1 ? { ...way, share: eased(Math.max(0, share)) } : null;
      if (share < 1) this.#frame = requestAnimationFrame(go);
    };
    go();
  }
}

function canMove({ shown, camera, isUpright }: Seen, to: Seen): boolean {
  const nCells = shown.positions.length / shown.width;
  const isFlat = [shown, to.shown].every(({ width }) => width === 2) && !camera.orbit && !to.camera.orbit;
  if (
    !isFlat ||
    !isUpright ||
    !to.isUpright ||
    shown.positions === to.shown.positions ||
    nCells > MOST_MOVING
  )
    return false;
  return !matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** From coordinates to those of the next embedding that lie at the same pixel. */
export function fitOf(from: Seen, to: Seen): Travel['fit'] {
  const scale = 2 ** (from.camera.zoom - to.camera.zoom);
  const up = from.shown.info.yAxis === to.shown.info.yAxis ? scale : -scale;
  return [scale, up, to.camera.x - scale * from.camera.x, to.camera.y - up * from.camera.y];
}

/** Slow at both ends. */
function eased(share: number): number {
  return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
}
