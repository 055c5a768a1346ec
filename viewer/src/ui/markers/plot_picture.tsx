import { useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import { CELL, squareAt, type PlotLayout } from '../../state/markers/plot_layout';
import { FONT } from '../picture/draw';
import { pointing } from '../picture/pointing';
import { Gradient } from '../plots/gradient';

const BAR_ID = 'plot-bar';
const STROKE = { stroke: 'currentColor', 'stroke-width': 0.5, 'stroke-opacity': 0.55 } as const;

interface PlotPictureProps {
  picture: RefObject<SVGSVGElement | null>;
  layout: PlotLayout;
  /** The colour at a share from 0 to 1. */
  color: (share: number) => string;
  label: string;
  /** A gene in words, by its place. */
  describe: (column: number) => string;
  /** The gene that colours the cells. */
  coloured: number | null;
  onGene: (gene: number) => void;
  /** Places of the gene and the group under the pointer. */
  onPoint: (square: [number, number] | null) => void;
}

/** The plot as SVG. All that it needs is in its attributes, so that it can be saved as it is. */
export function PlotPicture(props: PlotPictureProps) {
  const { picture, layout, color, label, describe, coloured, onGene, onPoint } = props;
  const { width, height, x, y, genes, groups, marks, sizes, bar } = layout;
  const [last, setLast] = useState(0);
  const stop = Math.min(last, genes.length - 1);
  const onKeyDown = (event: KeyboardEvent, column: number) => {
    const moves = new Map([
      ['ArrowRight', column + 1],
      ['ArrowLeft', column - 1],
      ['Home', 0],
      ['End', genes.length - 1],
    ]);
    const move = moves.get(event.key);
    if (move !== undefined) {
      const to = Math.max(0, Math.min(genes.length - 1, move));
      picture.current!.querySelector<SVGElement>(`[data-gene="${to}"]`)?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') onGene(genes[column].index);
    else return;
    event.preventDefault();
  };
  return (
    <svg
      ref={picture}
      class="plot"
      role="group"
      aria-label={label}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      font-family={FONT}
      font-size="12"
      {...pointing(
        (atX, atY) => onPoint(squareAt(layout, atX, atY)),
        () => onPoint(null),
      )}
    >
      <Gradient id={BAR_ID} color={color} />
      <g aria-hidden="true" font-size="11" fill="currentColor">
        {sizes.length > 0 && (
          <text x={8} y={12}>
            Cells that express it
          </text>
        )}
        {sizes.map(({ x: at, radius, text }) => (
          <g key={at}>
            <circle cx={at} cy={27} r={radius} fill="currentColor" fill-opacity={0.55} />
            <text x={at} y={47} text-anchor="middle">
              {text}
            </text>
          </g>
        ))}
        <text x={bar.x} y={12}>
          {bar.title}
        </text>
        <rect x={bar.x} y={21} width={bar.width} height={12} rx={2} fill={`url(#${BAR_ID})`} {...STROKE} />
        <text x={bar.x} y={47}>
          {bar.low}
        </text>
        <text x={bar.x + bar.width} y={47} text-anchor="end">
          {bar.high}
        </text>
      </g>
      <rect
        x={x}
        y={y}
        width={genes.length * CELL}
        height={groups.length * CELL}
        fill="none"
        stroke="currentColor"
        stroke-opacity={0.25}
      />
      <g aria-hidden="true">
        {marks.map(({ x: atX, y: atY, radius, share }, at) =>
          radius === null ? (
            <rect
              key={at}
              x={atX - CELL / 2}
              y={atY - CELL / 2}
              width={CELL}
              height={CELL}
              fill={color(share)}
            />
          ) : (
            <circle key={at} cx={atX} cy={atY} r={radius} fill={color(share)} {...STROKE} />
          ),
        )}
      </g>
      <g aria-hidden="true" fill="currentColor">
        {groups.map(({ index, name, at }) => (
          <text key={index} x={x - 6} y={at} dy="0.35em" text-anchor="end">
            {name}
          </text>
        ))}
      </g>
      {genes.map(({ index, name, at }, column) => (
        <g
          key={index}
          class="gene"
          role="button"
          tabindex={column === stop ? 0 : -1}
          data-gene={column}
          aria-description={describe(column)}
          aria-pressed={index === coloured}
          onFocus={() => setLast(column)}
          onClick={() => onGene(index)}
          onKeyDown={(event) => onKeyDown(event, column)}
        >
          <rect
            x={at - CELL / 2 + 1}
            y={50}
            width={CELL - 2}
            height={Math.max(0, y - 52)}
            fill="currentColor"
            fill-opacity={0}
          />
          <text
            transform={`translate(${at} ${y - 6}) rotate(-90)`}
            dy="0.35em"
            fill="currentColor"
            font-weight={index === coloured ? 700 : 400}
          >
            {name}
          </text>
        </g>
      ))}
    </svg>
  );
}
