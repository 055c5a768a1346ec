import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { MarkerView } from '../../state/markers/markers';
import type { Session } from '../../state/session';
import { Icon } from '../widgets/icons';
import { MarkerGrid } from '../markers/grid';
import { NeighboursView } from '../markers/near/neighbours';
import { SpatialView } from '../markers/near/spatial';
import { PlotView } from '../markers/plot';
import { VariableView } from '../markers/variable';

const VIEWS: readonly (readonly [MarkerView, string])[] = [
  ['table', 'Gene table'],
  ['plot', 'Dot plot'],
  ['variable', 'Variable genes'],
  ['spatial', 'Spatial genes'],
  ['neighbours', 'Neighbours'],
];

/** Whether the tray takes most of the window. */
const isLarge = signal(false);
/** What had the focus before the tray opened. */
let opener: Element | null = null;

/** Opens the tray with a view. */
export function openTray({ markers }: Session, view: MarkerView): void {
  if (markers.open.peek() === null) opener = document.activeElement;
  markers.open.value = view;
}

function closeTray({ markers }: Session): void {
  markers.open.value = null;
  requestAnimationFrame(() => {
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    opener = null;
  });
}

/** The classes of the page around the tray. */
export function trayClass({ markers }: Session): string {
  if (markers.open.value === null) return '';
  return isLarge.value ? ' with-tray large' : ' with-tray';
}

/** The table of markers or the dot plot, below the cells. */
export function Tray({ session }: { session: Session }) {
  const { markers } = session;
  const open = markers.open.value;
  const first = useRef<HTMLButtonElement>(null);
  const isOpen = open !== null;
  useEffect(() => {
    // A link that opens it leaves the focus where it is.
    if (isOpen && opener) first.current?.focus();
  }, [isOpen]);
  if (open === null || !markers.views.includes(open)) return null;
  return (
    <section
      class={markers.views.length > 3 ? 'tray many' : 'tray'}
      aria-label="Markers by group"
      onKeyDown={(event) => {
        // What is being typed is not lost.
        if (event.key !== 'Escape' || event.target instanceof HTMLTextAreaElement) return;
        event.stopPropagation();
        closeTray(session);
      }}
    >
      <header>
        <div class="buttons" role="group" aria-label="View">
          {VIEWS.filter(([view]) => markers.views.includes(view)).map(([view, name], at) => (
            <button
              key={view}
              ref={at === 0 ? first : undefined}
              type="button"
              aria-pressed={view === open}
              onClick={() => (markers.open.value = view)}
            >
              {name}
            </button>
          ))}
        </div>
        <button
          type="button"
          class="button square"
          aria-label="Larger"
          title={isLarge.value ? 'Smaller' : 'Larger'}
          aria-pressed={isLarge.value}
          onClick={() => (isLarge.value = !isLarge.peek())}
        >
          <Icon name={isLarge.value ? 'lower' : 'higher'} />
        </button>
        <button
          type="button"
          class="button square"
          aria-label="Close markers"
          title="Close (Esc)"
          onClick={() => closeTray(session)}
        >
          <Icon name="close" />
        </button>
      </header>
      {open === 'table' && <MarkerGrid session={session} />}
      {open === 'plot' && <PlotView session={session} />}
      {open === 'variable' && <VariableView session={session} />}
      {open === 'spatial' && <SpatialView session={session} />}
      {open === 'neighbours' && <NeighboursView session={session} />}
    </section>
  );
}
