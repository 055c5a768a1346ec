import type { Range } from '../../../state/colouring/colouring';

interface HistogramProps {
  bars: Uint32Array;
  extent: Range;
  range: Range;
}

const HEIGHT = 40;

/** The distribution of values. Heights are square roots of the counts, so that small counts are visible. */
export function Histogram({ bars, extent, range }: HistogramProps) {
  const highest = Math.sqrt(bars.reduce((most, count) => Math.max(most, count), 1));
  const step = (extent[1] - extent[0]) / bars.length;
  return (
    <svg
      class="histogram"
      viewBox={`0 0 ${bars.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {[...bars].map((count, bar) => {
        const height = count === 0 ? 0 : Math.max(1, (Math.sqrt(count) / highest) * HEIGHT);
        const middle = extent[0] + (bar + 0.5) * step;
        const inside = middle >= range[0] && middle <= range[1];
        return (
          <rect
            key={bar}
            class={inside ? '' : 'outside'}
            x={bar + 0.06}
            width={0.88}
            y={HEIGHT - height}
            height={height}
          />
        );
      })}
    </svg>
  );
}
