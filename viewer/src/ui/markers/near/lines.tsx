import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { NeighbourGroups } from '../../../bundle/statistics';
import type { Floats } from '../../../bytes/numbers';
import { categoryColors } from '../../../state/colouring/palette';
import { layOutLines, lineAt, LINES, linesColumns } from '../../../state/markers/near/lines';
import { shorten } from '../../../state/markers/near/matrix';
import { formatRounded } from '../../../state/texts/format';
import { labelsOf } from '../../../state/texts/cell_value';
import type { Session } from '../../../state/session';
import { FONT } from '../../picture/draw';
import { pointing } from '../../picture/pointing';
import { PlotFrame } from '../../drawer/frame';

const ROW = 18;
/** Longer lists of names would be larger than the plot. */
const MOST_NAMED = 40;
const LONGEST_NAME = 30;

interface LinesPlotProps {
  session: Session;
  grouping: NeighbourGroups;
  ratios: Floats;
  /** The group around which the others lie. */
  of: number;
}

/** Co-occurrence of all groups with one of them, by distance. */
export function LinesPlot({ session, grouping, ratios, of }: LinesPlotProps) {
  const picture = useRef<SVGSVGElement>(null);
  const [pointed, setPointed] = useState<readonly [number, number] | null>(null);
  const layout = useMemo(() => layOutLines(ratios, grouping, of), [ratios, grouping, of]);
  useEffect(() => setPointed(null), [layout]);
  const { distances, column } = grouping;
  const { categories } = session.categories.withShownNames(grouping);
  const colors = colorsOf(session, grouping);
  const named = layout.lines.slice(0, MOST_NAMED);
  const height = Math.max(LINES.height, named.length * ROW + 16);
  const width = LINES.width + 230;
  const right = LINES.width - LINES.right;
  const bottom = LINES.height - LINES.bottom;
  const text = () => {
    if (!pointed) return 'Point at a line for its numbers.';
    const [group, at] = pointed;
    const ratio = ratios[(group * categories.length + of) * distances.length + at];
    return `${categories[group]} within ${formatRounded(distances[at])} of ${categories[of]}: ${formatRounded(ratio)} times as often as by chance`;
  };
  return (
    <PlotFrame
      session={session}
      picture={picture}
      label="Co-occurrence"
      stem={`co_occurrence_${column}_${grouping.categories[of]}`}
      readout={text()}
      numbers={() => linesColumns(ratios, grouping, of, categories)}
    >
      <svg
        ref={picture}
        class="plot"
        role="img"
        aria-label={`Co-occurrence of the groups of ${column} with ${categories[of]}, by distance; the table has the numbers`}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        font-family={FONT}
        font-size="11"
        {...pointing(
          (x, y) => {
            const found = lineAt(layout, x, y);
            setPointed(found && [found[0].group, found[1]]);
          },
          () => setPointed(null),
        )}
      >
        <g fill="currentColor" stroke="none">
          {layout.yTicks.map(({ at, text: name }) => (
            <text key={name} x={LINES.left - 6} y={at} dy="0.35em" text-anchor="end">
              {name}
            </text>
          ))}
          {layout.xTicks.map(({ at, text: name }) => (
            <text key={name} x={at} y={bottom + 15} text-anchor="middle">
              {name}
            </text>
          ))}
          <text x={(LINES.left + right) / 2} y={bottom + 32} text-anchor="middle">
            Distance
          </text>
        </g>
        <path
          d={`M${LINES.left} ${LINES.top}V${bottom}H${right}`}
          fill="none"
          stroke="currentColor"
          stroke-opacity={0.4}
        />
        <path
          d={`M${LINES.left} ${layout.chance}H${right}`}
          stroke="currentColor"
          stroke-opacity={0.5}
          stroke-dasharray="4 4"
        />
        {layout.lines.map(({ group, points }) => (
          <path
            key={group}
            d={points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')}
            fill="none"
            stroke={colors[group]}
            stroke-width={pointed?.[0] === group ? 3 : 1.6}
            stroke-opacity={pointed && pointed[0] !== group ? 0.35 : 1}
            stroke-linejoin="round"
          />
        ))}
        {named.map(({ group }, row) => (
          <g key={group}>
            <rect x={LINES.width + 8} y={8 + row * ROW} width={10} height={10} rx={2} fill={colors[group]} />
            <text
              x={LINES.width + 24}
              y={13 + row * ROW}
              dy="0.35em"
              fill="currentColor"
              font-weight={pointed?.[0] === group ? 700 : 400}
            >
              {shorten(categories[group], LONGEST_NAME)}
            </text>
          </g>
        ))}
      </svg>
    </PlotFrame>
  );
}

/** The colours of the groups: those that the categories of the column have. */
function colorsOf(
  { colouring, bundle, categories: shown }: Session,
  { column, categories }: NeighbourGroups,
): readonly string[] {
  const index = bundle.columns.findIndex(({ name }) => name === column);
  const labels = index < 0 ? [] : labelsOf(bundle.columns[index]);
  const codes = categories.map((name) => labels.indexOf(name));
  if (codes.includes(-1)) return categoryColors(new Uint32Array(categories.length), null);
  const { by, paint } = colouring.current.value;
  const isShown = by.by === 'column' && by.index === index && paint.kind === 'category';
  const colors = shown.colorsOf(index, isShown ? paint.counts : new Uint32Array(labels.length));
  return codes.map((code) => colors[code]);
}
