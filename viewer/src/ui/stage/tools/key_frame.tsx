import { useEffect, useState } from 'preact/hooks';
import { Fence } from '../../../scene/picking/fence';
import type { Scene } from '../../../scene/scene';
import { cornersOf, firstFrame, isArrow, moveFrame } from '../../../state/selection/frame';
import { heldMode } from '../../../state/selection/tools';
import { formatCounted } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import type { EmbeddingView } from '../../../state/view/embedding_view';
import { selectLater } from './select_later';

/** Cells are counted when no key was pressed for this long. */
const REST_MS = 250;

/** A rectangle that the arrow keys move, and what is in it for those who do not see it. */
export function KeyFrame({ session, scene }: { session: Session; scene: Scene }) {
  const frame = session.tools.frame.value;
  const [status, setStatus] = useState('');
  useEffect(() => {
    if (!frame) return setStatus('');
    let isCurrent = true;
    const timer = setTimeout(() => {
      void scene.cellsIn(new Fence(cornersOf(frame))).then(({ length }) => {
        const size = `${Math.round(frame.width)} by ${Math.round(frame.height)} pixels`;
        if (isCurrent)
          setStatus(`Rectangle of ${size}: ${formatCounted(length, 'cell')}. Enter selects them.`);
      });
    }, REST_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [frame, scene]);
  return (
    <>
      {frame && (
        <svg class="key-frame" aria-hidden="true">
          <rect {...frame} />
        </svg>
      )}
      <p class={frame ? 'frame-status' : 'unseen'} role="status">
        {status}
      </p>
    </>
  );
}

/** Handles a key of the plot while the rectangle is the tool; true if it was one of these. */
export function onFrameKey(
  event: KeyboardEvent,
  session: Session,
  scene: Scene,
  view: EmbeddingView,
): boolean {
  const { tools } = session;
  if (tools.tool.peek() !== 'rectangle') return false;
  const frame = tools.frame.peek();
  if (isArrow(event.key)) {
    const size = view.size.peek();
    tools.frame.value = frame ? moveFrame(frame, event.key, event.shiftKey, size) : firstFrame(size);
  } else if (frame && (event.key === 'Enter' || event.key === ' ')) {
    const mode = heldMode(event) ?? tools.mode.peek();
    const corners = cornersOf(frame);
    selectLater(session, mode, scene.cellsIn(new Fence(corners)), scene.regionOf(corners));
  } else return false;
  event.preventDefault();
  return true;
}
