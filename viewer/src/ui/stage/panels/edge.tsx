import type { RefObject } from 'preact';
import { LEAST_SHARE } from '../../../state/view/linked/linked_panels';

const STEP = 0.02;

interface EdgeProps {
  label: string;
  /** Whether it is a line from top to bottom, between two plots side by side. */
  isUpright: boolean;
  /** The part of the first plot. */
  share: number;
  onShare: (share: number) => void;
  onReset: () => void;
  within: RefObject<HTMLElement | null>;
  /** Where both plots together begin and end, as shares of what they are within. */
  from?: number;
  to?: number;
}

/** The edge between two plots: dragged, or moved by the arrow keys. A double click makes them equal. */
export function Edge({ label, isUpright, share, onShare, onReset, within, from = 0, to = 1 }: EdgeProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 4 * STEP : STEP;
    const moves = new Map([
      [isUpright ? 'ArrowLeft' : 'ArrowUp', share - step],
      [isUpright ? 'ArrowRight' : 'ArrowDown', share + step],
      ['Home', 0],
      ['End', 1],
    ]);
    const next = moves.get(event.key);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onShare(next);
  };
  return (
    <div
      class={isUpright ? 'plots-edge upright' : 'plots-edge'}
      role="separator"
      tabIndex={0}
      aria-label={label}
      title="Drag to resize, double-click for equal sizes"
      aria-orientation={isUpright ? 'vertical' : 'horizontal'}
      aria-valuemin={100 * LEAST_SHARE}
      aria-valuemax={100 - 100 * LEAST_SHARE}
      aria-valuenow={Math.round(100 * share)}
      onKeyDown={onKeyDown}
      onDblClick={onReset}
      onPointerDown={(event) => {
        if (event.button === 0) event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const box = within.current!.getBoundingClientRect();
        const at = isUpright
          ? (event.clientX - box.left) / box.width
          : (event.clientY - box.top) / box.height;
        onShare((at - from) / (to - from));
      }}
    />
  );
}
