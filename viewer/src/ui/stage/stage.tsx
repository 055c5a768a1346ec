import { useEffect, useRef } from 'preact/hooks';
import { effect } from '@preact/signals';
import { Scene } from '../../scene/scene';
import { formatCount } from '../../state/format';
import type { Session } from '../../state/session';
import { isDark } from '../theme';
import { Controls } from './controls';
import { Notice } from './notice';
import { Tooltip } from './tooltip';

const PAN_PIXELS = 60;
const COLORS = {
  light: { plain: [46, 98, 112], missing: [203, 207, 210] },
  dark: { plain: [118, 181, 196], missing: [68, 76, 82] },
} as const;

interface StageProps {
  session: Session;
  scene: Scene | null;
  onScene: (scene: Scene | null) => void;
}

/** The cells, and what lies over them. */
export function Stage({ session, scene, onScene }: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const stopSize = followSize(stage.current!, session);
    const made = new Scene(canvas.current!, session);
    const stopTheme = effect(() => {
      made.colors = isDark.value ? COLORS.dark : COLORS.light;
    });
    onScene(made);
    return () => {
      stopTheme();
      stopSize();
      onScene(null);
      made.destroy();
    };
  }, [session]);

  const { bundle, busy, filters, colouring } = session;
  const { label } = colouring.current.value;
  return (
    <div
      ref={stage}
      class="stage"
      tabIndex={0}
      role="application"
      aria-label={`Plot of ${formatCount(bundle.nCells)} cells. Arrow keys move, plus and minus zoom, 0 shows all.`}
      // What a test waits for: how often the cells were drawn, and whether they can be pointed at.
      data-drawn={scene?.drawn.value ?? 0}
      data-searchable={scene?.searchable.value ?? false}
      onKeyDown={(event) => scene && onKey(event, scene, session)}
      onPointerMove={(event) => {
        if (event.pointerType === 'mouse' && event.buttons === 0)
          point(event, stage.current!, scene, session);
      }}
      onPointerDown={() => (session.hovered.value = null)}
      onPointerUp={(event) => {
        if (event.pointerType !== 'mouse') point(event, stage.current!, scene, session);
      }}
      onPointerLeave={(event) => {
        if (event.pointerType === 'mouse') session.hovered.value = null;
      }}
      onWheel={() => (session.hovered.value = null)}
    >
      <canvas ref={canvas} />
      <p class="caption" role="status">
        {label && <strong title={label}>{label}</strong>}
        <span>
          {filters.nShown.value === bundle.nCells
            ? `${formatCount(bundle.nCells)} cells`
            : `${formatCount(filters.nShown.value)} of ${formatCount(bundle.nCells)} cells`}
        </span>
        {busy.value && (
          <span class="busy" title={busy.value}>
            {busy.value}…
          </span>
        )}
      </p>
      <Notice session={session} />
      {scene && <Controls session={session} scene={scene} />}
      {scene && <Tooltip session={session} scene={scene} />}
    </div>
  );
}

function followSize(stage: HTMLElement, session: Session): () => void {
  const measure = () => {
    session.places.size.value = { width: stage.clientWidth, height: stage.clientHeight };
  };
  measure();
  const observer = new ResizeObserver(measure);
  observer.observe(stage);
  return () => observer.disconnect();
}

function point(event: PointerEvent, stage: HTMLElement, scene: Scene | null, session: Session): void {
  if (!scene) return;
  const inCanvas = event.target instanceof HTMLCanvasElement;
  const box = stage.getBoundingClientRect();
  const x = event.clientX - box.left;
  const y = event.clientY - box.top;
  const cell = inCanvas ? scene.cellAt(x, y) : null;
  const known = session.hovered.peek();
  if (cell === null) session.hovered.value = null;
  else if (known?.cell !== cell) session.hovered.value = { cell, x, y };
}

function onKey(event: KeyboardEvent, scene: Scene, session: Session): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
  const step = event.shiftKey ? 4 * PAN_PIXELS : PAN_PIXELS;
  const actions = new Map<string, () => void>([
    ['ArrowLeft', () => scene.panBy(-step, 0)],
    ['ArrowRight', () => scene.panBy(step, 0)],
    ['ArrowUp', () => scene.panBy(0, -step)],
    ['ArrowDown', () => scene.panBy(0, step)],
    ['+', () => scene.zoomBy(0.5)],
    ['=', () => scene.zoomBy(0.5)],
    ['-', () => scene.zoomBy(-0.5)],
    ['0', () => session.places.reset()],
  ]);
  const action = actions.get(event.key);
  if (!action) return;
  event.preventDefault();
  session.hovered.value = null;
  action();
}
