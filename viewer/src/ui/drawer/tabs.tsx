import { useEffect, useRef, useState } from 'preact/hooks';
import { VIEW_NAMES, type ViewId } from '../../state/plots/drawer';
import type { Session } from '../../state/session';
import { viewsOf } from './views';

/** The views of the drawer, in a row that scrolls. Arrow keys lead through them; Enter opens one. */
export function Tabs({ session, open }: { session: Session; open: ViewId }) {
  const views = viewsOf(session);
  const row = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState<ViewId>(open);
  const place = Math.max(
    0,
    views.findIndex(({ id }) => id === stop),
  );
  useEffect(() => {
    setStop(open);
    // Also at once when the drawer docks elsewhere or is resized.
    const tabs = row.current!;
    const watch = new ResizeObserver(() =>
      tabs.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
    );
    watch.observe(tabs);
    return () => watch.disconnect();
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    const last = views.length - 1;
    const moves = new Map([
      ['ArrowRight', place === last ? 0 : place + 1],
      ['ArrowLeft', place === 0 ? last : place - 1],
      ['Home', 0],
      ['End', last],
    ]);
    const next = moves.get(event.key);
    if (next === undefined) return;
    event.preventDefault();
    setStop(views[next].id);
    row.current!.querySelectorAll<HTMLElement>('[role=tab]')[next].focus();
  };
  return (
    <div ref={row} class="tabs" role="tablist" aria-label="Plots and tables" onKeyDown={onKeyDown}>
      {views.map(({ id }, at) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          aria-selected={id === open}
          aria-controls="drawer-view"
          tabIndex={at === place ? 0 : -1}
          onClick={() => (session.drawer.open.value = id)}
        >
          {VIEW_NAMES[id]}
        </button>
      ))}
    </div>
  );
}
