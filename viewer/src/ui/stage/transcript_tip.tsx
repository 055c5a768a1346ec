import { useEffect, useRef } from 'preact/hooks';
import type { Scene } from '../../scene/scene';
import type { Session } from '../../state/session';

/** Names the gene of the transcript under the pointer, beside what the tooltip says of the cell. */
export function TranscriptTip({ session, scene }: { session: Session; scene: Scene }) {
  const { hovered } = session.transcripts;
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const stage = mark.current?.parentElement;
    if (!stage) return;
    const leave = () => (hovered.value = null);
    const move = (event: PointerEvent) => {
      const box = stage.getBoundingClientRect();
      const isDrawn = event.target instanceof HTMLCanvasElement;
      hovered.value = isDrawn ? scene.transcriptAt(event.clientX - box.left, event.clientY - box.top) : null;
    };
    stage.addEventListener('pointermove', move);
    stage.addEventListener('pointerleave', leave);
    return () => {
      stage.removeEventListener('pointermove', move);
      stage.removeEventListener('pointerleave', leave);
      leave();
    };
  }, [scene]);
  const found = hovered.value;
  return (
    <span ref={mark} class="transcript-mark">
      {found && (
        <span class="transcript-tip" style={{ left: `${found.x}px`, top: `${found.y}px` }}>
          <i style={{ background: found.color }} />
          {found.name}
        </span>
      )}
    </span>
  );
}
