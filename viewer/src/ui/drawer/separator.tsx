import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { limitsOf, type Dock } from '../../state/plots/drawer';
import type { Session } from '../../state/session';
import { isLarge } from './open';

/** Pixels that an arrow key moves it; with Shift, four times as many. */
const STEP = 24;

interface SeparatorProps {
  session: Session;
  drawer: RefObject<HTMLElement | null>;
  id: string;
  dock: Dock;
}

/** The edge of the drawer: dragged, or moved by the arrow keys. A double click restores the size at first. */
export function Separator({ session, drawer, id, dock }: SeparatorProps) {
  const start = useRef<{ at: number; size: number } | null>(null);
  const [{ size, room }, setShown] = useState({ size: 0, room: 1 });
  const isBelow = dock === 'below';
  const measure = () => {
    const [own, cells] = [drawer.current!, document.querySelector('.room')!];
    const size = isBelow ? own.offsetHeight : own.offsetWidth;
    return { size, room: size + (isBelow ? cells.clientHeight : cells.clientWidth) };
  };
  useLayoutEffect(() => {
    const watch = new ResizeObserver(() => setShown(measure()));
    watch.observe(drawer.current!);
    return () => watch.disconnect();
  }, [dock]);
  const resize = (pixels: number) => {
    isLarge.value = false;
    session.drawer.resize(dock, pixels, measure().room);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 4 * STEP : STEP;
    const { least, most } = limitsOf(dock, measure().room);
    const now = measure().size;
    const sizes = new Map([
      [isBelow ? 'ArrowUp' : 'ArrowLeft', now + step],
      [isBelow ? 'ArrowDown' : 'ArrowRight', now - step],
      ['Home', least],
      ['End', most],
    ]);
    const next = sizes.get(event.key);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    resize(next);
  };
  const { least, most } = limitsOf(dock, room);
  const share = (pixels: number) => Math.round((100 * Math.min(pixels, room)) / room);
  return (
    <div
      class="separator"
      role="separator"
      tabIndex={0}
      aria-label="Size of the drawer"
      title="Drag to resize, double-click for the size at first"
      aria-controls={id}
      aria-orientation={isBelow ? 'horizontal' : 'vertical'}
      aria-valuemin={share(least)}
      aria-valuemax={share(most)}
      aria-valuenow={share(size)}
      aria-valuetext={`${share(size)} % of the window`}
      onKeyDown={onKeyDown}
      onDblClick={() => {
        isLarge.value = false;
        const { sizes } = session.drawer;
        sizes.value = { ...sizes.peek(), [dock]: null };
      }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { at: isBelow ? event.clientY : event.clientX, size: measure().size };
      }}
      onPointerMove={(event) => {
        if (!start.current) return;
        const moved = (isBelow ? event.clientY : event.clientX) - start.current.at;
        if (moved !== 0) resize(start.current.size - moved);
      }}
      onLostPointerCapture={() => (start.current = null)}
    />
  );
}
