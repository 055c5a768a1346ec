import { useRef, useState } from 'preact/hooks';
import type { Corner } from '../../scene/picking/lasso';
import type { Scene } from '../../scene/scene';
import type { Session } from '../../state/session';

/** Least distance of corners, in pixels. */
const STEP = 3;

/** Covers the cells while a drag selects: draws the line, then finds the cells in it. */
export function Lasso({ session, scene }: { session: Session; scene: Scene }) {
  // Several moves may arrive between two frames, so points are collected outside the rendered state.
  const line = useRef<Corner[] | null>(null);
  const [points, setPoints] = useState('');
  const show = () => setPoints(line.current?.map((corner) => corner.join(',')).join(' ') ?? '');
  const finish = (event: PointerEvent) => {
    const polygon = line.current;
    if (!polygon) return;
    line.current = null;
    show();
    const cells = polygon.length > 2 ? scene.cellsIn(polygon) : new Uint32Array(0);
    if (event.shiftKey) session.selection.add(cells);
    else session.selection.set(cells);
  };
  return (
    <svg
      class="lasso"
      aria-label="Draw around cells to select them; Shift adds them to the selection"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        line.current = [cornerOf(event)];
      }}
      onPointerMove={(event) => {
        const last = line.current?.at(-1);
        if (!last) return;
        const [x, y] = cornerOf(event);
        if (Math.hypot(x - last[0], y - last[1]) < STEP) return;
        line.current!.push([x, y]);
        show();
      }}
      onPointerUp={finish}
      onPointerCancel={() => {
        line.current = null;
        show();
      }}
      onWheel={(event) => scene.zoomBy(-event.deltaY * 0.005)}
    >
      {points && <polygon points={points} />}
    </svg>
  );
}

function cornerOf(event: PointerEvent): Corner {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}
