import type { Key } from '../../state/plots/counts/key';

interface PlotKeyProps {
  layout: Key;
  x: number;
  y: number;
  colors: readonly string[];
  /** The group that is pointed at. */
  strong?: number | null;
}

/** Names of groups beside their colours. */
export function PlotKey({ layout, x, y, colors, strong }: PlotKeyProps) {
  return (
    <g transform={`translate(${x} ${y})`} aria-hidden="true">
      {layout.items.map((item) => (
        <g key={item.group}>
          <rect x={item.x} y={item.y + 2} width={11} height={11} rx={2} fill={colors[item.group]} />
          <text
            x={item.x + 17}
            y={item.y + 8}
            dy="0.35em"
            fill="currentColor"
            font-weight={item.group === strong ? 700 : 400}
          >
            {item.full !== item.name && <title>{item.full}</title>}
            {item.name}
          </text>
        </g>
      ))}
    </g>
  );
}
