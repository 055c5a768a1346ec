import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { HTMLAttributes, JSX } from 'preact';
import { rowsInView, type Viewport } from '../../state/lists/rows';

/** As in rows.css. */
const ROW = 28;

interface RowsProps {
  count: number;
  /** Attributes of the box that scrolls, which is the listbox if there is one. */
  box?: HTMLAttributes<HTMLDivElement>;
  /** Attributes of the list in it, such as its role and name. */
  list?: HTMLAttributes<HTMLUListElement>;
  /** The marked row, which must be visible, if any. */
  marked?: number;
  /** A row with more below it, which is so many pixels high. The row renders it, with the class `below`. */
  opened?: { readonly row: number; readonly height: number };
  /** Moves a row to the place of another: by dragging its element of the class `grip`, or by Alt and an arrow key. */
  onMove?: ((row: number, to: number) => unknown) | null;
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
 * right and left go through the buttons of a row and back.
 */
export function Rows({ count, box: boxAttributes, list, marked, opened, onMove, children }: RowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState<Viewport>({ top: 0, height: 0 });
  const [last, setLast] = useState(0);
  const stop = Math.max(0, Math.min(last, count - 1));
  const [drop, setDrop] = useState<{ readonly row: number; readonly to: number } | null>(null);
  const wanted = useRef<readonly [number, number] | null>(null);
  const topOf = (row: number) => row * ROW + (opened && row > opened.row ? opened.height : 0);
  const more = opened?.height ?? 0;

  const look = () => {
    const { scrollTop: top, clientHeight: height } = box.current!;
    setViewport((now) => (now.top === top && now.height === height ? now : { top, height }));
  };
  useLayoutEffect(look, [count]);
  useLayoutEffect(() => {
    if (marked !== undefined) show(box.current!, topOf(marked), ROW);
  }, [marked]);
  useLayoutEffect(() => {
    if (opened) show(box.current!, topOf(opened.row), ROW + opened.height);
  }, [opened?.row]);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    if (focusOn(box.current!, ...wanted.current)) wanted.current = null;
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rowOf(event.target);
    if (row === null || event.ctrlKey || event.metaKey) return;
    if (event.altKey && !(onMove && STEPS.has(event.key))) return;
    const part = partsOf(box.current!, row).indexOf(event.target as HTMLElement);
    const sideways = SIDEWAYS.get(event.key);
    const page = Math.max(1, Math.floor(viewport.height / ROW) - 1);
    const to = target(event.key, row, count, page);
    if (sideways) focusOn(box.current!, row, part + sideways);
    else if (to !== null) {
      if (event.altKey && to !== row) onMove!(row, to);
      wanted.current = [to, part];
      show(box.current!, topOf(to), ROW);
      setLast(to);
      look();
    } else return;
    event.preventDefault();
  };

  const onPointerDown = (event: PointerEvent) => {
    const grip = event.target instanceof Element ? event.target.closest<HTMLElement>('.grip') : null;
    const row = rowOf(grip);
    if (!onMove || !grip || row === null || event.button !== 0) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    let to = row;
    const top = () => box.current!.getBoundingClientRect().top - box.current!.scrollTop;
    grip.onpointermove = ({ clientY }) => {
      to = Math.max(0, Math.min(count - 1, Math.floor((clientY - top()) / ROW)));
      show(box.current!, topOf(to), ROW);
      setDrop({ row, to });
    };
    grip.onlostpointercapture = () => {
      grip.onpointermove = grip.onlostpointercapture = null;
      setDrop(null);
      if (to !== row) onMove(row, to);
    };
  };

  return (
    <div
      {...boxAttributes}
      ref={box}
      class="rows"
      onScroll={look}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onFocusCapture={(event) => {
        const row = rowOf(event.target);
        if (row !== null) setLast(row);
      }}
    >
      <ul {...list} style={{ height: `${count * ROW + more}px` }}>
        {rowsInView(count, ROW, withMore(viewport, more), marked ?? stop).map((row) =>
          children(
            row,
            {
              style: { top: `${topOf(row)}px` },
              'data-row': row,
              'aria-setsize': count,
              'aria-posinset': row + 1,
            },
            row === stop,
          ),
        )}
      </ul>
      {drop && <div class="drop" style={{ top: `${topOf(drop.to) + (drop.to > drop.row ? ROW : 0)}px` }} />}
    </div>
  );
}

/** Keys that move a row together with Alt. */
const STEPS: ReadonlySet<string> = new Set(['ArrowDown', 'ArrowUp']);
/** Keys that go through the elements of a row. */
const SIDEWAYS: ReadonlyMap<string, number> = new Map([
  ['ArrowRight', 1],
  ['ArrowLeft', -1],
]);

/** The window, as if what is below the opened row could be anywhere in it. */
function withMore({ top, height }: Viewport, more: number): Viewport {
  return height === 0 ? { top, height } : { top: Math.max(0, top - more), height: height + more };
}

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

/** The elements of a row that can have the focus, without those below it: a row without any is one itself. */
function partsOf(box: HTMLElement, row: number): HTMLElement[] {
  const line = box.querySelector<HTMLElement>(`[data-row="${row}"]`);
  const parts = line?.querySelectorAll<HTMLElement>('input, button') ?? [];
  const found = [...parts].filter((part) => !part.closest('.below'));
  return found.length === 0 && line?.hasAttribute('tabindex') ? [line] : found;
}

/** Focuses an element of a row, or the last one if it has fewer. */
function focusOn(box: HTMLElement, row: number, part: number): boolean {
  const parts = partsOf(box, row);
  const element = parts.at(Math.max(0, Math.min(part, parts.length - 1)));
  element?.focus({ preventScroll: true });
  return element !== undefined;
}

/** Scrolls so that something is in view. */
function show(box: HTMLElement, from: number, height: number): void {
  const to = from + height;
  if (from < box.scrollTop) box.scrollTop = from;
  else if (to > box.scrollTop + box.clientHeight) box.scrollTop = Math.min(from, to - box.clientHeight);
}

/** The row of an element, unless it is below the row. */
function rowOf(target: EventTarget | null): number | null {
  if (!(target instanceof Element) || target.closest('.below')) return null;
  const row = target.closest<HTMLElement>('[data-row]');
  return row ? Number(row.dataset.row) : null;
}
