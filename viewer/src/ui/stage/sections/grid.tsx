import { effect } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PlacedPanel } from '../../../scene/sections/panel';
import { SectionsScene } from '../../../scene/sections/sections_scene';
import type { Session } from '../../../state/session';
import { aspectOf, sharedZoom, zoomFor } from '../../../state/tissue/sections/frame';
import {
  cornerOf,
  layoutGrid,
  panelsBetween,
  stepTo,
  TITLE,
  type GridLayout,
} from '../../../state/tissue/sections/grid_layout';
import { PLOT } from '../../page/keys';
import { isDark } from '../../page/theme';
import { COLORS } from '../colors';
import { Notices } from '../notice';
import { Rail } from '../tools/rail';
import { Tooltip } from '../tooltip';
import { SectionPanel } from './panel';
import { Toolbar } from './toolbar';

/** Pixels that the canvas reaches beyond the sight, so that a little scrolling needs no new picture. */
const BEYOND = 80;
/** Pictures to wait for a panel that scrolls into sight. */
const FRAMES = 10;

interface Sight {
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A panel for each section, on one canvas that follows what is in sight. */
export function SectionGrid({ session }: { session: Session }) {
  const { sections } = session.tissue;
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [scene, setScene] = useState<SectionsScene | null>(null);
  const [sight, setSight] = useState<Sight>({ top: 0, width: 0, height: 0 });

  useEffect(() => {
    const made = new SectionsScene(canvas.current!, session);
    const stopTheme = effect(() => {
      made.colors = isDark.value ? COLORS.dark : COLORS.light;
    });
    setScene(made);
    return () => {
      stopTheme();
      session.hovered.value = null;
      made.destroy();
    };
  }, [session]);
  useEffect(() => followSight(scroller.current!, setSight), []);

  const list = sections.list.value;
  const layout = layoutGrid(list.length, sight.width, aspectOf(sections.spans.value));
  const panels = panelsIn(session, layout, sight);
  const canvasTop = Math.max(0, sight.top - BEYOND);
  const onCanvas = panels.map(({ placed }) => ({ ...placed, y: placed.y - canvasTop }));
  const wanted = panels.filter(({ isInSight }) => isInSight).map(({ placed }) => placed.section);
  useLayoutEffect(() => {
    if (!scene || sight.height === 0) return;
    scene.panels.value = onCanvas;
    // The canvas has just been moved: the old picture would be at the wrong height.
    scene.drawNow();
  }, [scene, JSON.stringify(onCanvas)]);
  // With the panels: they would else be taken for loaded until then.
  useLayoutEffect(() => {
    if (scene && sight.height > 0) sections.points.want(wanted);
  }, [scene, sight.height > 0, wanted.join()]);
  useEffect(
    () =>
      effect(() => {
        if (scene?.isSettled.value) sections.markSeen();
      }),
    [scene],
  );
  useFocusOfCurrent(session, scroller, layout);

  const current = list.includes(sections.current.value ?? -1) ? sections.current.value : list[0];
  return (
    <section class="section-grid" aria-label="Sections">
      <Toolbar session={session} />
      <div class="sight">
        <div
          ref={scroller}
          class="scroller"
          onKeyDown={(event) => onKey(event, session, layout)}
          onScroll={() => (session.hovered.value = null)}
        >
          <div class="content" style={{ height: `${layout.height}px` }}>
            {/* Under the canvas; the frames of the panels are over it. */}
            {panels.map(({ placed, left, top }) => (
              <div
                key={placed.section}
                class="panel-ground"
                style={{
                  width: `${placed.width}px`,
                  height: `${placed.height + TITLE}px`,
                  transform: `translate(${left}px, ${top}px)`,
                }}
              />
            ))}
            {/* deck.gl makes its canvas as large as what it is in: all of the content would be too large to draw. */}
            <div class="sheet" style={{ top: `${canvasTop}px`, height: `${sight.height + 2 * BEYOND}px` }}>
              <canvas ref={canvas} aria-hidden="true" />
            </div>
            <ul aria-label="Sections" id={PLOT} tabIndex={-1}>
              {panels.map(({ placed, at, left, top }) => (
                <SectionPanel
                  key={placed.section}
                  session={session}
                  scene={scene}
                  placed={placed}
                  at={at}
                  of={list.length}
                  left={left}
                  top={top}
                  isCurrent={placed.section === current}
                  onHover={(cell, event) => hover(session, cell, event, scroller.current!)}
                />
              ))}
            </ul>
          </div>
        </div>
        {list.length === 0 && (
          <p class="none">
            No section fits.{' '}
            <button type="button" class="text" onClick={() => sections.showEverySection()}>
              Show every section
            </button>
          </p>
        )}
        {scene && (
          <Tooltip
            session={session}
            scene={{
              spotOf: (cell) => {
                const spot = scene.spotOf(cell);
                return spot && { ...spot, y: spot.y + canvasTop - sight.top };
              },
            }}
          />
        )}
        <Notices session={session} />
        {scene && <Drawn scene={scene} />}
        <Rail session={session} scene={null} />
      </div>
    </section>
  );
}

/** For tests: how often the panels were drawn, how many of them, and whether all in sight are there. */
function Drawn({ scene }: { scene: SectionsScene }) {
  return (
    <span
      hidden
      data-drawn={scene.drawn.value}
      data-panels={scene.nDrawn.value}
      data-images={scene.nImages.value}
      data-settled={scene.isSettled.value}
    />
  );
}

interface SeenPanel {
  readonly placed: PlacedPanel;
  readonly at: number;
  readonly left: number;
  readonly top: number;
  readonly isInSight: boolean;
}

/** The panels in sight and just beyond. */
function panelsIn(session: Session, layout: GridLayout, { top, height }: Sight): readonly SeenPanel[] {
  const { sections } = session.tissue;
  const [list, spans] = [sections.list.value, sections.spans.value];
  if (height === 0) return [];
  const size = { width: layout.panel.width, height: layout.panel.height - TITLE };
  const shared = sharedZoom(spans, size);
  const [first, end] = panelsBetween(layout, list.length, top - BEYOND, top + height + BEYOND);
  const [seen, seenEnd] = panelsBetween(layout, list.length, top, top + height);
  return list.slice(first, end).map((section, index) => {
    const at = first + index;
    const corner = cornerOf(layout, at);
    const fitted = zoomFor(spans[at], size);
    const zoom = sections.isFitted.value && Number.isFinite(fitted) ? fitted : shared;
    const placed = { section, x: corner.left, y: corner.top + TITLE, ...size, zoom };
    return { placed, at, ...corner, isInSight: at >= seen && at < seenEnd };
  });
}

function followSight(scroller: HTMLElement, set: (sight: Sight) => void): () => void {
  const measure = () =>
    set({ top: scroller.scrollTop, width: scroller.clientWidth, height: scroller.clientHeight });
  measure();
  const observer = new ResizeObserver(measure);
  observer.observe(scroller);
  scroller.addEventListener('scroll', measure, { passive: true });
  return () => {
    observer.disconnect();
    scroller.removeEventListener('scroll', measure);
  };
}

/** Brings the section that was large last into sight, and gives its panel the focus. */
function useFocusOfCurrent(
  session: Session,
  scroller: { readonly current: HTMLDivElement | null },
  layout: GridLayout,
): void {
  const isReady = layout.panel.width > 1;
  useEffect(() => {
    const section = session.tissue.sections.current.peek();
    if (section !== null && isReady) focusPanel(session, section, scroller.current!, layout);
  }, [isReady]);
}

function focusPanel(session: Session, section: number, scroller: HTMLElement, layout: GridLayout): void {
  const at = session.tissue.sections.list.peek().indexOf(section);
  if (at < 0) return;
  session.tissue.sections.current.value = section;
  const { top } = cornerOf(layout, at);
  const { scrollTop, clientHeight } = scroller;
  if (top < scrollTop) scroller.scrollTop = top;
  else if (top + layout.panel.height > scrollTop + clientHeight)
    scroller.scrollTop = top + layout.panel.height - clientHeight;
  focusOnce(scroller, section, FRAMES);
}

/** Gives a panel the focus. One that was out of sight is there after a few pictures. */
function focusOnce(scroller: HTMLElement, section: number, frames: number): void {
  const button = scroller.querySelector<HTMLElement>(`[data-section="${section}"] .open`);
  if (button) button.focus({ preventScroll: true });
  else if (frames > 0) requestAnimationFrame(() => focusOnce(scroller, section, frames - 1));
}

/** Arrow keys walk from panel to panel. */
function onKey(event: KeyboardEvent, session: Session, layout: GridLayout): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const { sections } = session.tissue;
  const list = sections.list.peek();
  const at = Math.max(0, list.indexOf(sections.current.peek() ?? -1));
  const next = stepTo(event.key, at, list.length, layout.columns);
  if (next === null || list.length === 0) return;
  event.preventDefault();
  focusPanel(session, list[next], event.currentTarget as HTMLElement, layout);
}

function hover(session: Session, cell: number | null, event: PointerEvent, scroller: HTMLElement): void {
  const known = session.hovered.peek();
  if (cell === null) session.hovered.value = null;
  else if (known?.cell !== cell) {
    const box = scroller.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    session.hovered.value = { cell, x, y, byTouch: event.pointerType !== 'mouse' };
  }
}
