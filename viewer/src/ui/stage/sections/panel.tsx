import { useRef } from 'preact/hooks';
import type { Region } from '../../../scene/picking/regions';
import type { PlacedPanel } from '../../../scene/sections/panel';
import type { SectionsScene } from '../../../scene/sections/sections_scene';
import { scaleBarOf } from '../../../state/picture/scale_bar';
import { heldMode } from '../../../state/selection/tools';
import type { Session } from '../../../state/session';
import { formatCount, formatCounted } from '../../../state/texts/format';
import { mirrored, turned } from '../../../state/tissue/sections/orientation';
import { isTissuePositions, knownMicrons } from '../../../state/view/embedding_view';
import { explain } from '../../widgets/explain';
import { Icon } from '../../widgets/icons';
import { Drawing } from '../tools/drawing';

/** Degrees of one click. */
const TURN = 90;

interface PanelProps {
  session: Session;
  scene: SectionsScene | null;
  placed: PlacedPanel;
  /** Its number in the list, and the length of the list. */
  at: number;
  of: number;
  left: number;
  top: number;
  /** Whether its buttons are stops of the Tab key. */
  isCurrent: boolean;
  onHover: (cell: number | null, event: PointerEvent) => void;
}

/** One section: its name, its buttons, and the frame in which the canvas shows its cells. */
export function SectionPanel({ session, scene, placed, at, of, left, top, isCurrent, onHover }: PanelProps) {
  const { sections } = session.tissue;
  const { section, width, height } = placed;
  const name = sections.nameOf(section);
  const { start, end } = sections.info!.items[section];
  const count = sections.counts.value[section];
  const orientation = sections.orientationOf(section);
  const stop = isCurrent ? 0 : -1;
  const cells = formatCounted(end - start, 'cell');
  const shown = count === end - start ? cells : `${formatCount(count)} of ${cells}`;
  return (
    <li
      class={`section-panel${isCurrent ? ' current' : ''}`}
      aria-setsize={of}
      aria-posinset={at + 1}
      style={{ width: `${width}px`, transform: `translate(${left}px, ${top}px)` }}
      data-section={section}
      onFocusCapture={() => (sections.current.value = section)}
    >
      <div class="title">
        <button
          type="button"
          class="open"
          tabIndex={stop}
          title={`${name}: ${shown}. Show it large (Enter)`}
          onClick={() => sections.open(section)}
        >
          <strong>{name}</strong> <span>{shown.replace(/ cells?$/, '')}</span>
          <span class="unseen">cells. Show it large</span>
        </button>
        <button
          type="button"
          tabIndex={stop}
          aria-label={`Rotate ${name}`}
          title={`Rotate by a quarter (now ${orientation.degrees}°)`}
          onClick={() => sections.orient(section, turned(orientation, TURN))}
        >
          <Icon name="rotate" />
        </button>
        <button
          type="button"
          tabIndex={stop}
          aria-label={`Mirror ${name}`}
          title="Mirror left and right"
          aria-pressed={orientation.flipped}
          onClick={() => sections.orient(section, mirrored(orientation))}
        >
          <Icon name="flip" />
        </button>
      </div>
      <Cells session={session} scene={scene} section={section} height={height} onHover={onHover} />
      <PanelScale session={session} placed={placed} />
    </li>
  );
}

interface CellsProps {
  session: Session;
  scene: SectionsScene | null;
  section: number;
  height: number;
  onHover: PanelProps['onHover'];
}

/** Where the canvas shows the cells: takes the pointer. */
function Cells({ session, scene, section, height, onHover }: CellsProps) {
  const { sections } = session.tissue;
  const frame = useRef<HTMLDivElement>(null);
  const under = (event: MouseEvent): number | null => {
    const box = frame.current!.getBoundingClientRect();
    return scene?.cellAt(section, event.clientX - box.left, event.clientY - box.top) ?? null;
  };
  const loaded = sections.points.loaded.value.get(section);
  return (
    <div
      ref={frame}
      class="cells"
      style={{ height: `${height}px` }}
      onPointerMove={(event) => onHover(event.buttons === 0 ? under(event) : null, event)}
      onPointerLeave={(event) => onHover(null, event)}
      onClick={(event) => click(event, under(event), section, session)}
    >
      {loaded?.is === 'failed' && (
        <p class="failed">
          {explain(loaded.error).message}{' '}
          <button type="button" class="text" onClick={() => sections.points.retry(section)}>
            Try again
          </button>
        </p>
      )}
      {scene && session.tools.isSelecting.value && (
        <div class="over" onClick={(event) => event.stopPropagation()}>
          <Drawing
            session={session}
            scene={{
              cellAt: (x: number, y: number) => scene.cellAt(section, x, y),
              cellsIn: (region: Region) => scene.cellsIn(section, region),
              zoomBy: () => {},
              // Regions are drawn on the section that is shown large.
              regionOf: () => null,
            }}
          />
        </div>
      )}
    </div>
  );
}

/** A click opens the section, with its cell pinned if edges are drawn; with Shift or Alt it changes the selection. */
function click(event: MouseEvent, cell: number | null, section: number, session: Session): void {
  const mode = heldMode(event);
  if (mode) {
    if (cell !== null) session.selection.apply(mode, Uint32Array.of(cell));
    return;
  }
  if (cell !== null) {
    void session.loadTexts(cell);
    if (session.overlays.edges.peek() !== 'none') session.pinned.value = cell;
  }
  session.tissue.sections.open(section);
}

function PanelScale({ session, placed }: { session: Session; placed: PlacedPanel }) {
  const { embedding } = session.tissue.sections;
  if (!embedding || !isTissuePositions(embedding)) return null;
  const microns = session.view.givenMicrons.value ?? knownMicrons(embedding);
  const bar = scaleBarOf(placed.zoom, microns, placed.width / 3);
  if (!bar) return null;
  return (
    <div class="scale-bar" style={{ width: `${bar.width}px` }}>
      {bar.label}
    </div>
  );
}
