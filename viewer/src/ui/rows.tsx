import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { HTMLAttributes, JSX } from 'preact';
import { rowsInView, type Viewport } from '../state/lists/rows';

/** As in rows.css. */
const ROW = 28;

/** The elements of a row that can have the focus. */
type Part = 'input' | 'button';

interface RowsProps {
  count: number;
  /** Attributes of the box that scrolls, which is the listbox if there is one. */
  box?: HTMLAttributes<HTMLDivElement>;
  /** Attributes of the list in it, such as its role and name. */
  list?: HTMLAttributes<HTMLUListElement>;
  /** The marked row, which must be visible, if any. */
  marked?: number;
  /**
   * Renders a row as `<li>`, which must have the given attributes, and the row's number as its key.
   * Tab stops at one row of the list, for which `isStop` is true.
   */
  children: (row: number, attributes: RowAttributes, isStop: boolean) => JSX.Element;
}

export interface RowAttributes {
  readonly style: { readonly top: string };
  readonly 'data-row': number;
  readonly 'aria-setsize': number;
  readonly 'aria-posinset': number;
}

/**
 * A list of any length. Only the visible rows are in the page.
 *
 * If rows can have the focus, the list is one stop for Tab: the row that had the focus last, which stays in
 * the page even if it is out of view. The arrow keys, Page Up and Down, Home and End go from row to row;
 * right and left go to the button of a row and back.
 */
export function Rows({ count, box: boxAttributes, list, marked, children }: RowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState<Viewport>({ top: 0, height: 0 });
  const [last, setLast] = useState(0);
  const stop = Math.max(0, Math.min(last, count - 1));
  const wanted = useRef<readonly [number, Part] | null>(null);

  const look = () => {
    const { scrollTop: top, clientHeight: height } = box.current!;
    setViewport((now) => (now.top === top && now.height === height ? now : { top, height }));
  };
  useLayoutEffect(look, [count]);
  useLayoutEffect(() => {
    if (marked !== undefined) show(box.current!, marked);
  }, [marked]);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    if (focusOn(box.current!, ...wanted.current)) wanted.current = null;
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rowOf(event.target);
    if (row === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const sideways = SIDEWAYS.get(event.key);
    const page = Math.max(1, Math.floor(viewport.height / ROW) - 1);
    const to = target(event.key, row, count, page);
    if (sideways) focusOn(box.current!, row, sideways);
    else if (to !== null) {
      wanted.current = [to, event.target instanceof HTMLInputElement ? 'input' : 'button'];
      show(box.current!, to);
      setLast(to);
      look();
    } else return;
    event.preventDefault();
  };

  return (
    <div
      {...boxAttributes}
      ref={box}
      class="rows"
      onScroll={look}
      onKeyDown={onKeyDown}
      onFocusCapture={(event) => {
        const row = rowOf(event.target);
        if (row !== null) setLast(row);
      }}
    >
      <ul {...list} style={{ height: `${count * ROW}px` }}>
        {rowsInView(count, ROW, viewport, marked ?? stop).map((row) =>
          children(
            row,
            {
              style: { top: `${row * ROW}px` },
              'data-row': row,
              'aria-setsize': count,
              'aria-posinset': row + 1,
            },
            row === stop,
          ),
        )}
      </ul>
    </div>
  );
}

/** Keys that go to the button of a row, and back. */
const SIDEWAYS: ReadonlyMap<string, Part> = new Map([
  ['ArrowRight', 'button'],
  ['ArrowLeft', 'input'],
]);

function target(key: string, row: number, count: number, page: number): number | null {
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: row + 1,
    ArrowUp: row - 1,
    PageDown: row + page,
    PageUp: row - page,
    Home: 0,
    End: count - 1,
  };
  if (!Object.hasOwn(moves, key)) return null;
  return Math.max(0, Math.min(count - 1, moves[key]));
}

function focusOn(box: HTMLElement, row: number, part: Part): boolean {
  const element = box.querySelector<HTMLElement>(`[data-row="${row}"] ${part}`);
  element?.focus({ preventScroll: true });
  return element !== null;
}

function show(box: HTMLElement, row: number): void {
  const [from, to] = [row * ROW, (row + 1) * ROW];
  if (from < box.scrollTop) box.scrollTop = from;
  else if (to > box.scrollTop + box.clientHeight) box.scrollTop = to - box.clientHeight;
}

function rowOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
  return row ? Number(row.dataset.row) : null;
}
