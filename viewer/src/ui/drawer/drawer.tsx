import { useEffect, useRef, useState } from 'preact/hooks';
import type { Session } from '../../state/session';
import { MOST_PANELS } from '../../state/view/linked/linked_panels';
import { Icon } from '../widgets/icons';
import { closeDrawer, dockOf, isLarge, recallDrawer, rememberDrawer, wasOpened } from './open';
import { focusLastPanel } from '../page/keys';
import { Separator } from './separator';
import { Tabs } from './tabs';
import { openView } from './views';

const ID = 'drawer';

/** Class and style of the page around the drawer. */
export function aroundDrawer(session: Session): { class: string; style: Record<string, string> } {
  if (!openView(session)) return { class: '', style: {} };
  const dock = dockOf(session.drawer);
  const size = session.drawer.sizes.value[dock];
  return {
    class: ` with-drawer dock-${dock}${isLarge.value ? ' large' : ''}`,
    style: size === null ? {} : { '--drawer': `${size}px` },
  };
}

/** A plot or table beside the cells: below them, or at the right. */
export function Drawer({ session }: { session: Session }) {
  const { drawer, panels } = session;
  useState(() => recallDrawer(drawer));
  useEffect(() => rememberDrawer(drawer), [drawer.dock.value, drawer.sizes.value]);
  const shown = useRef<HTMLElement>(null);
  const view = openView(session);
  const isOpen = view !== null;
  useEffect(() => {
    if (isOpen && wasOpened()) shown.current!.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }, [isOpen]);
  if (!view) return null;
  const dock = dockOf(drawer);
  const other = drawer.dock.value === 'below' ? 'right' : 'below';
  const moves = other === 'right' ? 'Dock at the right' : 'Dock below';
  return (
    <section
      ref={shown}
      id={ID}
      class="drawer"
      aria-label="Drawer"
      onKeyDown={(event) => {
        // What is being typed is not lost.
        if (event.key !== 'Escape' || event.target instanceof HTMLTextAreaElement) return;
        event.stopPropagation();
        closeDrawer(session);
      }}
    >
      <Separator session={session} drawer={shown} id={ID} dock={dock} />
      <header>
        <Tabs session={session} open={view.id} />
        {panels.list.value.length < MOST_PANELS && (
          <button
            type="button"
            class="button square"
            aria-label="Move beside the cells"
            title="Move beside the cells"
            onClick={() => {
              panels.open({ kind: 'plot', view: view.id });
              focusLastPanel();
            }}
          >
            <Icon name="beside" />
          </button>
        )}
        <button
          type="button"
          class="button square dock"
          aria-label={moves}
          title={moves}
          onClick={() => (drawer.dock.value = other)}
        >
          <Icon name={other === 'right' ? 'dockRight' : 'dockBelow'} />
        </button>
        <button
          type="button"
          class="button square larger"
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
          aria-label="Close the drawer"
          title="Close (Esc)"
          onClick={() => closeDrawer(session)}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="drawer-view" id="drawer-view" role="tabpanel" aria-labelledby={`tab-${view.id}`}>
        <view.View key={view.id} session={session} />
      </div>
    </section>
  );
}
