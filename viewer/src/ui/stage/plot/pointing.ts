import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import type { Scene } from '../../../scene/scene';
import type { Hovered } from '../../../state/drawing/hovered';
import { heldMode } from '../../../state/selection/tools';
import type { Session } from '../../../state/session';

/** A press that moves less than this many pixels is a click. */
const CLICK_PIXELS = 4;
const LINGER_MS = 120;

interface Press {
  readonly x: number;
  readonly y: number;
  /** The previous cell of the tooltip. */
  readonly cell: number | null;
}

/** A plot of cells: the stage, or a panel beside it. */
export interface Plot {
  readonly session: Session;
  readonly scene: Scene | null;
  readonly element: RefObject<HTMLElement | null>;
  /** The number of the panel; undefined for the stage. */
  readonly panel?: number;
}

/** What the pointer does on a plot. */
export function usePointing(plot: Plot) {
  const pressed = useRef<Press>({ x: 0, y: 0, cell: null });
  const { session } = plot;
  return {
    onPointerMove: (event: PointerEvent) => {
      if (event.pointerType === 'mouse' && event.buttons === 0) point(event, plot);
    },
    onPointerDown: (event: PointerEvent) => {
      const cell = session.hovered.peek()?.cell ?? null;
      pressed.current = { x: event.clientX, y: event.clientY, cell };
      leave(session);
    },
    onPointerUp: (event: PointerEvent) => {
      const { x, y, cell } = pressed.current;
      const still = Math.hypot(event.clientX - x, event.clientY - y) < CLICK_PIXELS;
      if (still || event.pointerType !== 'mouse') point(event, plot);
      if (still && event.button === 0) click(event, plot, cell);
    },
    onPointerLeave: (event: PointerEvent) => {
      if (event.pointerType === 'mouse') leave(session);
    },
    onWheel: () => leave(session),
  };
}

function point(event: PointerEvent, plot: Plot): void {
  const { session, panel } = plot;
  const found = cellUnder(event, plot);
  const known = session.hovered.peek();
  if (!found) leaveSoon(session);
  else {
    clearTimeout(leaving);
    // The side of a curtain tells which value is the current one.
    if (
      known?.cell !== found.cell ||
      known.panel !== panel ||
      sideOf(session, known) !== sideOf(session, found)
    )
      session.hovered.value = { ...found, byTouch: event.pointerType !== 'mouse', panel };
  }
}

function sideOf({ curtain, view }: Session, { x }: Pick<Hovered, 'x'>): boolean {
  return curtain.isRight(x / view.size.peek().width);
}

let leaving = 0;

/** Keeps the tooltip for a moment between two cells, so that it does not flicker. */
function leaveSoon(session: Session): void {
  clearTimeout(leaving);
  leaving = window.setTimeout(() => (session.hovered.value = null), LINGER_MS);
}

export function leave(session: Session): void {
  clearTimeout(leaving);
  session.hovered.value = null;
}

/**
 * A click loads the name of a cell, and keeps its edges visible if they are drawn, and its ring if there are panels; a
 * click beside the cells releases them. The first tap on a cell only shows its tooltip. With Shift or Alt, a click
 * changes the selection.
 */
function click(event: PointerEvent, plot: Plot, before: number | null): void {
  if (!(event.target instanceof HTMLCanvasElement)) return;
  const { session } = plot;
  const cell = cellUnder(event, plot)?.cell ?? null;
  const mode = heldMode(event);
  if (mode) {
    if (cell !== null) session.selection.apply(mode, Uint32Array.of(cell));
    return;
  }
  if (cell !== null && (event.pointerType === 'mouse' || cell === before)) void session.loadTexts(cell);
  if (session.overlays.edges.peek() !== 'none' || session.panels.list.peek().length > 0)
    session.pinned.value = cell === session.pinned.peek() ? null : cell;
}

function cellUnder(event: PointerEvent, { scene, element }: Plot) {
  if (!scene || !element.current || !(event.target instanceof HTMLCanvasElement)) return null;
  const box = element.current.getBoundingClientRect();
  const x = event.clientX - box.left;
  const y = event.clientY - box.top;
  const cell = scene.cellAt(x, y);
  return cell === null ? null : { cell, x, y };
}
