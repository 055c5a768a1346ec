import { useMemo, useRef, useState } from 'preact/hooks';
import type { Comparison } from '../../state/compare/compare';
import type { Results } from '../../state/compare/result';
import {
  CLASSES,
  hasDifferences,
  LEAST_CHANGE,
  layOut,
  MOST_ADJUSTED,
  nearestRow,
  pathOf,
  placeLabels,
  type Kind,
} from '../../state/compare/scatter';
import { titleOf } from '../../state/compare/texts';
import { statisticText, tableColumns } from '../../state/markers/table';
import { ticksOf } from '../../state/plots/axis';
import type { Session } from '../../state/session';
import { formatCount } from '../../state/texts/format';
import { PlotFrame, type Size } from '../drawer/frame';
import { colourByMarker } from '../markers/colour';
import { pointing } from '../picture/pointing';
import { BottomAxis, LeftAxis } from '../plots/axes';

/** Pixels around a dot in which it is pointed at. */
const NEAR = 12;
const MARGIN = { left: 56, right: 12, top: 22, bottom: 42 } as const;
const LEAST = { width: 300, height: 220 } as const;
/** Labelled genes of each end. */
const LABELS = 12;
const FONT = '12px system-ui, sans-serif';
/** Readable on white and in both themes. */
const FILLS = { other: 'currentColor', first: '#d1495b', second: '#2f7fb8' } as const;

/** Pixels of a letter, and of a number before a name over the plot. */
const LETTER = 7;
const COUNTED = 100;
const COLOURED = `Coloured dots: adjusted p below ${MOST_ADJUSTED}`;
const MEANING =
  `${COLOURED} and log2 fold change of at least ${LEAST_CHANGE}. ` +
  'Genes that one side does not express may lie at the edge; those without a fold change are only counted.';
const ABOUT_DIFFERENCES = `${COLOURED}. Most genes have no fold change, so differences of the means are drawn.`;

const TITLES = { volcano: 'Volcano plot', ma: 'MA plot' } as const;
interface Props {
  session: Session;
  kind: Kind;
  comparison: Comparison;
  results: Results;
  names: readonly string[];
  stem: string;
  /** What was compared. */
  facts: string;
}

/** All genes as dots, with the names of the first of both sides. */
export function GeneScatterPlot({ session, kind, comparison, results, names, stem, facts }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const { table, strength } = results;
  const isDifference = useMemo(() => hasDifferences(results), [results]);
  const nameOf = (row: number) => names[table.genes[row]];
  const label = `${TITLES[kind]} of ${titleOf(comparison)}`;
  const colourBy = (row: number) => void colourByMarker(session, table.genes[row], nameOf(row));
  const readout = () => {
    if (pointed === null)
      return 'Point at a dot for its numbers, or press the arrow keys; click a gene, or press Enter, to colour by it.';
    const text = (key: string, style: 'number' | 'share' | 'p') =>
      statisticText(table.columns.find((each) => each.key === key)!.values[pointed], style);
    const change = isDifference
      ? `means ${text('mean', 'number')} and ${text('mean_outside', 'number')}`
      : `log2 fold change ${text('change', 'number')}`;
    return (
      `${nameOf(pointed)}: ${change}, adjusted p ${text('adjusted', 'p')}, ` +
      `share ${text('share', 'share')} and ${text('share_outside', 'share')}`
    );
  };
  return (
    <PlotFrame
      session={session}
      picture={svg}
      label={label}
      stem={`${stem}_${kind}`}
      readout={readout()}
      numbers={() => [
        ...tableColumns(table, Uint32Array.from(table.genes.keys()), { names, ids: null }),
        { header: 'minus_log10_pvals_adj', texts: Array.from(strength, String) },
      ]}
      facts={`${isDifference ? ABOUT_DIFFERENCES : MEANING} ${facts}`}
      steps={{ count: table.genes.length, at: pointed, go: setPointed, choose: colourBy }}
    >
      {(size: Size) => (
        <Picture
          picture={svg}
          size={size}
          kind={kind}
          results={results}
          change={isDifference ? 'Difference of the means' : 'log2 fold change'}
          comparison={comparison}
          label={label}
          nameOf={nameOf}
          pointed={pointed}
          onPoint={setPointed}
          onChoose={colourBy}
        />
      )}
    </PlotFrame>
  );
}

interface PictureProps {
  picture: { current: SVGSVGElement | null };
  size: Size;
  kind: Kind;
  results: Results;
  /** The name of the axis of changes. */
  change: string;
  comparison: Comparison;
  label: string;
  nameOf: (row: number) => string;
  pointed: number | null;
  onPoint: (row: number | null) => void;
  onChoose: (row: number) => void;
}

function Picture(props: PictureProps) {
  const { picture, size, kind, results, change, comparison, label } = props;
  const { nameOf, pointed, onPoint, onChoose } = props;
  const width = Math.max(LEAST.width, size.width);
  const height = Math.max(LEAST.height, size.height);
  const room = useMemo(
    () => ({
      left: MARGIN.left,
      right: width - MARGIN.right,
      top: MARGIN.top,
      bottom: height - MARGIN.bottom,
    }),
    [width, height],
  );
  const plot = useMemo(() => layOut(results, kind, room), [results, kind, room]);
  const paths = useMemo(() => CLASSES.map((each) => [each, pathOf(plot, each)] as const), [plot]);
  const labels = useMemo(() => placeLabels(plot, widthsOf(nameOf), LABELS, room), [plot, room]);
  const [across, upwards] =
    kind === 'volcano' ? [change, '−log10 adjusted p'] : ['Mean of both sides', change];
  const longest = Math.max(3, Math.floor(((room.right - room.left) / 2 - COUNTED) / LETTER));
  const ends = comparison.names.map((name) => (name.length > longest ? `${name.slice(0, longest)}…` : name));
  const at = (x: number, y: number) => nearestRow(plot, x, y, NEAR);
  return (
    <svg
      ref={picture}
      class="gene-scatter"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={`${label}; the table has the numbers`}
      font-size={12}
      font-family="system-ui, sans-serif"
      {...pointing(
        (x, y) => onPoint(at(x, y)),
        () => onPoint(null),
      )}
      onClick={(event) => {
        const row = at(event.offsetX, event.offsetY);
        if (row !== null) onChoose(row);
      }}
    >
      <LeftAxis
        ticks={ticksOf(plot.yScale, height / 60)}
        title={upwards}
        x={room.left}
        y={room.top}
        height={room.bottom - room.top}
        across={room.right - room.left}
      />
      <BottomAxis
        ticks={ticksOf(plot.xScale, width / 90)}
        title={across}
        x={room.left}
        y={room.bottom}
        width={room.right - room.left}
      />
      {paths.map(([each, path]) => (
        <path
          key={each}
          d={path}
          fill="none"
          stroke={FILLS[each]}
          stroke-opacity={each === 'other' ? 0.35 : 0.8}
          stroke-width={each === 'other' ? 3 : 4}
          stroke-linecap="round"
        />
      ))}
      {labels.map(({ row, x, y, anchor }) => (
        <text key={row} x={x} y={y} dy="0.35em" text-anchor={anchor} fill="currentColor">
          {nameOf(row)}
        </text>
      ))}
      {pointed !== null && Number.isFinite(plot.x[pointed] + plot.y[pointed]) && (
        <g>
          <circle
            cx={plot.x[pointed]}
            cy={plot.y[pointed]}
            r={5}
            fill="none"
            stroke="currentColor"
            stroke-width={2}
          />
          <text
            x={plot.x[pointed]}
            y={plot.y[pointed] - 10}
            text-anchor={plot.x[pointed] > width / 2 ? 'end' : 'start'}
            font-weight={600}
            fill="currentColor"
          >
            {nameOf(pointed)}
          </text>
        </g>
      )}
      <text x={room.left} y={12} fill="currentColor">
        <tspan fill={FILLS.second}>● </tspan>
        {formatCount(plot.counts.second)} more in {ends[1]}
      </text>
      <text x={room.right} y={12} text-anchor="end" fill="currentColor">
        {formatCount(plot.counts.first)} more in {ends[0]}
        <tspan fill={FILLS.first}> ●</tspan>
      </text>
    </svg>
  );
}

/** Pixels of the names of genes. */
function widthsOf(nameOf: (row: number) => string): (row: number) => number {
  const pen = document.createElement('canvas').getContext('2d')!;
  pen.font = FONT;
  return (row) => pen.measureText(nameOf(row)).width;
}
