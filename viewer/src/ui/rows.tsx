import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { HTMLAttributes, JSX } from 'preact';
import { rowsInSight, type Sight } from '../state/lists/rows';

/** As in rows.css. */
const ROW = 28;

interface RowsProps {
  count: number;
  /** Attributes of the list itself, such as its role and name. */
  list?: HTMLAttributes<HTMLUListElement>;
  /** The row that must be seen, where one is marked. */
  marked?: number;
  /** A row as `<li>`: it has to bear the attributes that it is given, and the row's number as its key. */
  children: (row: number, attributes: RowAttributes) => JSX.Element;
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
 * A row that has the focus stays, even out of sight, and the arrow keys, Page Up and Down, Home and
 * End go from row to row where rows can have the focus.
 */
export function Rows({ count, list, marked, children }: RowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState<Sight>({ top: 0, height: 0 });
  const [focused, setFocused] = useState<number | null>(null);
  const wanted = useRef<number | null>(null);

  const look = () => {
    const { scrollTop: top, clientHeight: height } = box.current!;
    setSight((now) => (now.top === top && now.height === height ? now : { top, height }));
  };
  useLayoutEffect(look, [count]);
  useLayoutEffect(() => {
    if (marked !== undefined) show(box.current!, marked);
  }, [marked]);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const row = box.current!.querySelector<HTMLElement>(`[data-row="${wanted.current}"] input`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (focused === null || !(event.target instanceof HTMLInputElement)) return;
    const page = Math.max(1, Math.floor(sight.height / ROW) - 1);
    const to = target(event.key, focused, count, page);
    if (to === null) return;
    event.preventDefault();
    wanted.current = to;
    show(box.current!, to);
    setFocused(to);
    look();
  };

  return (
    <div
      ref={box}
      class="rows"
      onScroll={look}
      onKeyDown={onKeyDown}
      onFocusCapture={(event) => setFocused(rowOf(event.target))}
      onBlurCapture={(event) => {
        if (!box.current?.contains(event.relatedTarget as Node | null)) setFocused(null);
      }}
    >
      <ul {...list} style={{ height: `${count * ROW}px` }}>
        {rowsInSight(count, ROW, sight, focused ?? marked ?? null).map((row) =>
          children(row, {
            style: { top: `${row * ROW}px` },
            'data-row': row,
            'aria-setsize': count,
            'aria-posinset': row + 1,
          }),
        )}
      </ul>
    </div>
  );
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

function show(box: HTMLElement, row: number): void {
  const [from, to] = [row * ROW, (row + 1) * ROW];
  if (from < box.scrollTop) box.scrollTop = from;
  else if (to > box.scrollTop + box.clientHeight) box.scrollTop = to - box.clientHeight;
}

function rowOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
  return row ? Number(row.dataset.row) : null;
}
