import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Enrichment, NeighbourGroups } from '../../../bundle/statistics';
import { DIVERGING } from '../../../state/colouring/schemes';
import { layOutMatrix, pairAt, pairsColumns, pairText, SQUARE } from '../../../state/markers/near/matrix';
import { formatCount } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { FONT } from '../../picture/draw';
import { pointing } from '../../picture/pointing';
import { PlotFrame } from '../../drawer/frame';
import { Gradient } from '../../plots/gradient';

const BAR_ID = 'near-bar';

interface MatrixPlotProps {
  session: Session;
  grouping: NeighbourGroups;
  enrichment: Enrichment;
}

/** Neighbouring groups as a matrix of z-scores. The table beside it has the same numbers. */
export function MatrixPlot({ session, grouping, enrichment }: MatrixPlotProps) {
  const picture = useRef<SVGSVGElement>(null);
  const [pointed, setPointed] = useState<readonly [number, number] | null>(null);
  const shown = session.categories.withShownNames(grouping);
  const layout = useMemo(() => layOutMatrix(enrichment, shown), [enrichment, shown]);
  useEffect(() => setPointed(null), [layout]);
  const { width, height, x, y, rows, columns, squares, bar } = layout;
  return (
    <PlotFrame
      session={session}
      picture={picture}
      label="Neighbouring groups"
      stem={`neighbours_${grouping.column}`}
      readout={pointed ? pairText(enrichment, shown, pointed) : 'Point at a square for its numbers.'}
      numbers={() => pairsColumns(enrichment, grouping, shown.categories)}
    >
      <svg
        ref={picture}
        class="plot"
        role="img"
        aria-label={`z-scores of ${formatCount(rows.length)} groups of ${grouping.column} as neighbours; the table has the numbers`}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        font-family={FONT}
        font-size="12"
        {...pointing(
          (atX, atY) => setPointed(pairAt(layout, atX, atY)),
          () => setPointed(null),
        )}
      >
        <Gradient id={BAR_ID} color={(share) => DIVERGING(2 * share - 1)} />
        <g font-size="11" fill="currentColor">
          <text x={bar.x} y={12}>
            z-score
          </text>
          <rect
            x={bar.x}
            y={21}
            width={bar.width}
            height={12}
            rx={2}
            fill={`url(#${BAR_ID})`}
            stroke="currentColor"
            stroke-width={0.5}
            stroke-opacity={0.55}
          />
          <text x={bar.x} y={47}>
            {bar.low}
          </text>
          <text x={bar.x + bar.width / 2} y={47} text-anchor="middle">
            0
          </text>
          <text x={bar.x + bar.width} y={47} text-anchor="end">
            {bar.high}
          </text>
        </g>
        {squares.map((each, at) => (
          <rect key={at} x={each.x} y={each.y} width={SQUARE} height={SQUARE} fill={DIVERGING(each.share)} />
        ))}
        <rect
          x={x}
          y={y}
          width={rows.length * SQUARE}
          height={rows.length * SQUARE}
          fill="none"
          stroke="currentColor"
          stroke-opacity={0.25}
        />
        {pointed && (
          <rect
            x={x + pointed[1] * SQUARE}
            y={y + pointed[0] * SQUARE}
            width={SQUARE}
            height={SQUARE}
            fill="none"
            stroke="currentColor"
            stroke-width={2}
          />
        )}
        <g fill="currentColor">
          {rows.map(({ name, at }, row) => (
            <text key={row} x={x - 6} y={at} dy="0.35em" text-anchor="end">
              {name}
            </text>
          ))}
          {columns.map(({ name, at }, column) => (
            <text key={column} transform={`translate(${at} ${y - 6}) rotate(-90)`} dy="0.35em">
              {name}
            </text>
          ))}
        </g>
      </svg>
    </PlotFrame>
  );
}
