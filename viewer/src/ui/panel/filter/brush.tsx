import { useRef } from 'preact/hooks';
import { Histogram } from '../numbers/histogram';

type Shares = readonly [number, number];

/** A click that moves less than this, as a share of the width, brushes nothing. */
const LEAST = 0.01;

interface BrushProps {
  bars: Uint32Array;
  /** The bounds, as shares of the width. */
  shares: Shares;
  onBrush: (shares: Shares) => void;
}

/** A histogram. A drag on it draws a range, or moves the range in which it begins. Sliders below do the same by key. */
export function Brush({ bars, shares, onBrush }: BrushProps) {
  const drag = useRef<{ from: number; moved: Shares | null } | null>(null);
  const place = (event: PointerEvent): number => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  };
  const [low, high] = shares;
  return (
    <div
      class="brush"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const from = place(event);
        const isInside = (low > 0 || high < 1) && from > low && from < high;
        drag.current = { from, moved: isInside ? shares : null };
      }}
      onPointerMove={(event) => {
        if (!drag.current) return;
        const { from, moved } = drag.current;
        const to = place(event);
        if (Math.abs(to - from) < LEAST) return;
        if (!moved) return onBrush(from < to ? [from, to] : [to, from]);
        const by = Math.min(1 - moved[1], Math.max(-moved[0], to - from));
        onBrush([moved[0] + by, moved[1] + by]);
      }}
      onPointerUp={() => (drag.current = null)}
      onPointerCancel={() => (drag.current = null)}
    >
      <Histogram bars={bars} extent={[0, 1]} range={shares} />
    </div>
  );
}
