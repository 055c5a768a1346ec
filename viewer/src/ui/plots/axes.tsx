import type { Tick } from '../../state/plots/axis';

interface BottomAxisProps {
  ticks: readonly Tick[];
  title: string;
  /** Left end. */
  x: number;
  y: number;
  width: number;
}

/** An axis below a plot, in SVG that can be saved as it is. */
export function BottomAxis({ ticks, title, x, y, width }: BottomAxisProps) {
  return (
    <g aria-hidden="true" fill="currentColor" text-anchor="middle">
      <path d={`M${x} ${y}h${width}`} stroke="currentColor" stroke-opacity={0.4} />
      {ticks.map(({ at, text }) => (
        <text key={at} x={at} y={y + 16}>
          {text}
        </text>
      ))}
      <text x={x + width / 2} y={y + 34}>
        {title}
      </text>
    </g>
  );
}

interface LeftAxisProps {
  ticks: readonly Tick[];
  title: string;
  x: number;
  /** Upper end. */
  y: number;
  height: number;
  /** Length of the lines across the plot. */
  across?: number;
}

/** An axis at the left of a plot, with lines across it. */
export function LeftAxis({ ticks, title, x, y, height, across = 0 }: LeftAxisProps) {
  return (
    <g aria-hidden="true" fill="currentColor">
      {ticks.map(({ at, text }) => (
        <g key={at}>
          <path d={`M${x} ${at}h${across}`} stroke="currentColor" stroke-opacity={0.12} />
          <text x={x - 6} y={at} dy="0.35em" text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      <text transform={`translate(12 ${y + height / 2}) rotate(-90)`} text-anchor="middle">
        {title}
      </text>
    </g>
  );
}
