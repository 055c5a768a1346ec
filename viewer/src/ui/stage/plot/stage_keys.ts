import type { Scene } from '../../../scene/scene';
import type { Session } from '../../../state/session';
import type { EmbeddingView } from '../../../state/view/embedding_view';
import { onFrameKey } from '../tools/key_frame';

const PAN_PIXELS = 60;
const TURN_DEGREES = 12;

/** Handles a key while a plot has the focus; true if it does something. */
export function onStageKey(
  event: KeyboardEvent,
  scene: Scene,
  session: Session,
  view: EmbeddingView,
): boolean {
  if (event.ctrlKey || event.metaKey || event.target !== event.currentTarget) return false;
  if (onFrameKey(event, session, scene, view)) return true;
  if (event.altKey) return false;
  const action = keyActions(event.shiftKey, scene, view).get(event.key);
  if (!action) return false;
  event.preventDefault();
  action();
  return true;
}

function keyActions(shift: boolean, scene: Scene, view: EmbeddingView): Map<string, () => void> {
  const turning = view.solid.peek() && !shift;
  const step = shift && !view.solid.peek() ? 4 * PAN_PIXELS : PAN_PIXELS;
  const go = (x: number, y: number) => () =>
    turning ? scene.turnBy(-x * TURN_DEGREES, -y * TURN_DEGREES) : scene.panBy(x * step, y * step);
  return new Map([
    ['ArrowLeft', go(-1, 0)],
    ['ArrowRight', go(1, 0)],
    ['ArrowUp', go(0, -1)],
    ['ArrowDown', go(0, 1)],
    ['+', () => scene.zoomBy(0.5)],
    ['=', () => scene.zoomBy(0.5)],
    ['-', () => scene.zoomBy(-0.5)],
    ['0', () => view.reset()],
  ]);
}
