import { useEffect, useRef } from 'preact/hooks';
import { effect } from '@preact/signals';
import { Scene } from '../../scene/scene';
import { formatCounted } from '../../state/texts/format';
import { heldMode } from '../../state/selection/tools';
import { stageSession } from '../../state/drawing/stage_session';
import type { Session } from '../../state/session';
import { PLOT } from '../page/keys';
import { isDark } from '../page/theme';
import { Caption } from './caption';
import { COLORS } from './colors';
import { Labels } from './labels';
import { Notices } from './notice';
import { RegionNames } from './region_names';
import { ScaleBar } from './scale_bar';
import { SectionBar } from './section_bar';
import { onStageKey } from './stage_keys';
import { SectionSwitch } from './sections/switch';
import { Drawing } from './tools/drawing';
import { KeyFrame } from './tools/key_frame';
import { Rail } from './tools/rail';
import { Pin, Tooltip } from './tooltip';
import { TranscriptTip } from './transcript_tip';

/** A press that moves less than this many pixels is a click. */
const CLICK_PIXELS = 4;
const LINGER_MS = 120;

interface Press {
  readonly x: number;
  readonly y: number;
  /** The previous cell of the tooltip. */
  readonly cell: number | null;
}

interface StageProps {
  session: Session;
  scene: Scene | null;
  onScene: (scene: Scene | null) => void;
}

/** The cells, and everything drawn over them. */
export function Stage({ session, scene, onScene }: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const pressed = useRef<Press>({ x: 0, y: 0, cell: null });

  useEffect(() => {
    const stopSize = followSize(stage.current!, session);
    const made = new Scene(canvas.current!, stageSession(session));
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

  return (
    <div
      ref={stage}
      id={session.tissue.sections.mode.value === 'grid' ? undefined : PLOT}
      class="stage"
      tabIndex={0}
      role="application"
      aria-label={`Plot of ${formatCounted(session.bundle.nCells, 'cell')}. ${keysOf(session)}, plus and minus zoom, 0 shows all.`}
      // For tests: how often the cells were drawn, and whether they can be found under the pointer.
      data-drawn={scene?.drawn.value ?? 0}
      data-searchable={scene?.searchable.value ?? false}
      onKeyDown={(event) => scene && onStageKey(event, scene, session) && leave(session)}
      onPointerMove={(event) => {
        if (event.pointerType === 'mouse' && event.buttons === 0)
          point(event, stage.current!, scene, session);
      }}
      onPointerDown={(event) => {
        const cell = session.hovered.peek()?.cell ?? null;
        pressed.current = { x: event.clientX, y: event.clientY, cell };
        leave(session);
      }}
      onPointerUp={(event) => {
        const { x, y, cell } = pressed.current;
        const still = Math.hypot(event.clientX - x, event.clientY - y) < CLICK_PIXELS;
        if (still || event.pointerType !== 'mouse') point(event, stage.current!, scene, session);
        if (still && event.button === 0) click(event, stage.current!, scene, session, cell);
      }}
      onPointerLeave={(event) => {
        if (event.pointerType === 'mouse') leave(session);
      }}
      onWheel={() => leave(session)}
    >
      <canvas ref={canvas} />
      {scene && <Labels scene={scene} />}
      {scene && <RegionNames scene={scene} />}
      {scene && <Pin session={session} scene={scene} />}
      <Caption session={session} />
      <SectionSwitch session={session} />
      <ScaleBar session={session} />
      {scene && <Drawing session={session} scene={scene} />}
      {scene && <KeyFrame session={session} scene={scene} />}
      <SectionBar session={session} />
      <Notices session={session} />
      {scene && <Rail session={session} scene={scene} />}
      {scene && <Tooltip session={session} scene={scene} />}
      {scene && session.transcripts.all && <TranscriptTip session={session} scene={scene} />}
    </div>
  );
}

function keysOf({ tools, view }: Session): string {
  if (tools.tool.value === 'rectangle')
    return 'Arrow keys move a rectangle, with Shift they change its size, Enter selects the cells in it';
  return view.solid.value ? 'Arrow keys rotate, with Shift they move' : 'Arrow keys move';
}

function followSize(stage: HTMLElement, session: Session): () => void {
  const measure = () => {
    session.view.size.value = { width: stage.clientWidth, height: stage.clientHeight };
  };
  measure();
  const observer = new ResizeObserver(measure);
  observer.observe(stage);
  return () => observer.disconnect();
}

function point(event: PointerEvent, stage: HTMLElement, scene: Scene | null, session: Session): void {
  const found = cellUnder(event, stage, scene);
  const known = session.hovered.peek();
  if (!found) leaveSoon(session);
  else {
    clearTimeout(leaving);
    if (known?.cell !== found.cell)
      session.hovered.value = { ...found, byTouch: event.pointerType !== 'mouse' };
  }
}

let leaving = 0;

/** Keeps the tooltip for a moment between two cells, so that it does not flicker. */
function leaveSoon(session: Session): void {
  clearTimeout(leaving);
  leaving = window.setTimeout(() => (session.hovered.value = null), LINGER_MS);
}

function leave(session: Session): void {
  clearTimeout(leaving);
  session.hovered.value = null;
}

/**
 * A click loads the name of a cell, and keeps its edges visible if they are drawn; a click beside the
 * cells releases them. The first tap on a cell only shows its tooltip. With Shift or Alt, a click changes
 * the selection.
 */
function click(
  event: PointerEvent,
  stage: HTMLElement,
  scene: Scene | null,
  session: Session,
  before: number | null,
): void {
  if (!(event.target instanceof HTMLCanvasElement)) return;
  const cell = cellUnder(event, stage, scene)?.cell ?? null;
  const mode = heldMode(event);
  if (mode) {
    if (cell !== null) session.selection.apply(mode, Uint32Array.of(cell));
    return;
  }
  if (cell !== null && (event.pointerType === 'mouse' || cell === before)) void session.loadTexts(cell);
  if (session.overlays.edges.peek() !== 'none')
    session.pinned.value = cell === session.pinned.peek() ? null : cell;
}

function cellUnder(event: PointerEvent, stage: HTMLElement, scene: Scene | null) {
  if (!scene || !(event.target instanceof HTMLCanvasElement)) return null;
  const box = stage.getBoundingClientRect();
  const x = event.clientX - box.left;
  const y = event.clientY - box.top;
  const cell = scene.cellAt(x, y);
  return cell === null ? null : { cell, x, y };
}
