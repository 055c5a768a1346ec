import { signal } from '@preact/signals';
import { DOCKS, type Dock, type Drawer, type ViewId } from '../../state/plots/drawer';
import type { Session } from '../../state/session';
import { recall, remember } from '../page/preferences';

const KEY = 'karospace-drawer';

/** Whether the drawer takes most of the window. */
export const isLarge = signal(false);
/** What had the focus before the drawer opened. */
let opener: Element | null = null;

const narrow = matchMedia('(max-width: 760px)');
const isNarrow = signal(narrow.matches);
narrow.addEventListener('change', () => (isNarrow.value = narrow.matches));

/** Opens the drawer with a view. */
export function openDrawer({ drawer }: Session, view: ViewId): void {
  if (drawer.open.peek() === null) opener = document.activeElement;
  drawer.open.value = view;
}

export function closeDrawer({ drawer }: Session): void {
  drawer.open.value = null;
  requestAnimationFrame(() => {
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    opener = null;
  });
}

/** Whether the user opened it: a link leaves the focus where it is. */
export function wasOpened(): boolean {
  return opener !== null;
}

/** Where the drawer is now: always below in a narrow window. */
export function dockOf({ dock }: Drawer): Dock {
  return isNarrow.value ? 'below' : dock.value;
}

/** Docks and sizes the drawer as the last time. */
export function recallDrawer({ dock, sizes }: Drawer): void {
  const known = recall(KEY);
  dock.value = DOCKS.find((each) => each === known.dock) ?? 'below';
  const pixels = (value: unknown) => (typeof value === 'number' && value > 0 ? value : null);
  sizes.value = { below: pixels(known.below), right: pixels(known.right) };
}

export function rememberDrawer({ dock, sizes }: Drawer): void {
  remember(KEY, { dock: dock.value, ...sizes.value });
}
