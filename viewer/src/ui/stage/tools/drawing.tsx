import { useRef, useState } from 'preact/hooks';
import { Fence } from '../../../scene/picking/fence';
import type { Corner, Region } from '../../../scene/picking/regions';
import { Swath } from '../../../scene/picking/swath';
import type { Scene } from '../../../scene/scene';
import { cornersOf, frameBetween } from '../../../state/selection/frame';
import { NO_CELLS } from '../../../state/selection/sets';
import { heldMode, type Tool } from '../../../state/selection/tools';
import type { Session } from '../../../state/session';
import { selectLater } from './select_later';

/** Least distance of corners, in pixels. */
const STEP = 3;
/** A drag that stays within this many pixels is a click. */
const CLICK = 4;

const LABELS: Readonly<Record<Exclude<Tool, 'move'>, string>> = {
  lasso: 'Draw around cells to select them, or click a cell',
  rectangle: 'Draw a rectangle to select the cells in it, or click a cell',
  brush: 'Draw over cells to select them',
};

/** What a drag finds cells in. */
type Drawn = Pick<Scene, 'cellAt' | 'cellsIn' | 'zoomBy' | 'regionOf'>;

/** Covers the cells while a drag selects: shows what is drawn, then selects the cells in it. */
export function Drawing({ session, scene }: { session: Session; scene: Drawn }) {
  const { tools, selection } = session;
  const tool = tools.tool.value;
  // Several moves may arrive between two frames, so points are collected outside the rendered state.
  const way = useRef<Corner[] | null>(null);
  const [drawn, setDrawn] = useState<readonly Corner[]>([]);
  const [pointer, setPointer] = useState<Corner | null>(null);
  if (tool === 'move') return null;

  const show = () => setDrawn(way.current ? [...way.current] : []);
  const finish = (event: PointerEvent) => {
    const corners = way.current;
    if (!corners || !event.isPrimary) return;
    way.current = null;
    show();
    const mode = heldMode(event) ?? tools.mode.peek();
    const region = regionOf(tool, corners, tools.radius.peek());
    if (region) selectLater(session, mode, scene.cellsIn(region), outlineOf(tool, corners, scene));
    else {
      const cell = scene.cellAt(...corners[0]);
      selection.apply(mode, cell === null ? NO_CELLS : Uint32Array.of(cell));
    }
  };
  return (
    <svg
      class={`drawing ${tool}`}
      role="img"
      aria-label={LABELS[tool]}
      onPointerDown={(event) => {
        if (event.button !== 0 || !event.isPrimary) return;
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        way.current = [cornerOf(event)];
        show();
      }}
      onPointerMove={(event) => {
        if (!event.isPrimary) return;
        const corner = cornerOf(event);
        if (tool === 'brush') setPointer(corner);
        const last = way.current?.at(-1);
        if (!last) return;
        const step = tool === 'brush' ? Math.max(STEP, tools.radius.peek() / 4) : STEP;
        if (Math.hypot(corner[0] - last[0], corner[1] - last[1]) < step) return;
        if (tool === 'rectangle') way.current = [way.current![0], corner];
        else way.current!.push(corner);
        show();
      }}
      onPointerUp={finish}
      onPointerCancel={() => {
        way.current = null;
        show();
      }}
      onPointerLeave={() => setPointer(null)}
      onWheel={(event) => {
        // Some systems turn the wheel sideways while Shift is held.
        const turned = event.deltaY || event.deltaX;
        if (tool === 'brush' && event.shiftKey) tools.resize(-Math.sign(turned));
        else scene.zoomBy(-event.deltaY * 0.005);
      }}
    >
      {tool === 'lasso' && drawn.length > 1 && <polygon points={textOf(drawn)} />}
      {tool === 'rectangle' && drawn.length > 1 && <rect {...frameBetween(drawn[0], drawn[1])} />}
      {tool === 'brush' && drawn.length > 0 && (
        // A line of a single point is not drawn.
        <polyline
          points={textOf(drawn.length > 1 ? drawn : [drawn[0], drawn[0]])}
          stroke-width={2 * tools.radius.value}
        />
      )}
      {tool === 'brush' && pointer && <circle cx={pointer[0]} cy={pointer[1]} r={tools.radius.value} />}
    </svg>
  );
}

/** Null for a click, which means a single cell. A brush has a size, so it needs no drag. */
function regionOf(tool: Tool, corners: readonly Corner[], radius: number): Region | null {
  if (tool === 'brush') return new Swath(corners, radius);
  const isClick = corners.every(([x, y]) => Math.hypot(x - corners[0][0], y - corners[0][1]) < CLICK);
  if (isClick) return null;
  return new Fence(tool === 'lasso' ? corners : cornersOf(frameBetween(corners[0], corners[1])));
}

/** The outline of what was drawn, on the tissue. A brush has none. */
function outlineOf(tool: Tool, corners: readonly Corner[], scene: Drawn) {
  if (tool === 'brush') return null;
  return scene.regionOf(tool === 'lasso' ? corners : cornersOf(frameBetween(corners[0], corners[1])));
}

function textOf(corners: readonly Corner[]): string {
  return corners.map((corner) => corner.join(',')).join(' ');
}

function cornerOf(event: PointerEvent): Corner {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}
