import type { RefObject } from 'preact';
import type { ViolinLayout } from '../../state/plots/violin/layout';
import { BottomAxis, LeftAxis } from './axes';
import { FONT } from '../picture/draw';
import { pointing } from '../picture/pointing';
import { PlotKey } from './key';

interface ViolinPictureProps {
  picture: RefObject<SVGSVGElement | null>;
  layout: ViolinLayout;
  /** By mark. */
  colors: readonly string[];
  partColors: readonly string[];
  /** Of the axis of values. */
  title: string;
  label: string;
  pointed: number | null;
  /** Whether only some rows are seen: the axis stays then. */
  isScrolled: boolean;
  onPoint: (x: number, y: number) => void;
  onLeave: () => void;
  onClick: (x: number, y: number, event: MouseEvent) => void;
}

const KEPT = 44;
/** Names of parts that are higher scroll away, as they would cover the plot. */
const MOST_KEPT = 90;

/** Violins as SVG, which can be saved as it is. */
export function ViolinPicture(props: ViolinPictureProps) {
  const { picture, layout, colors, partColors, title, label, pointed, isScrolled } = props;
  const { width, height, isUpright, plot, ticks, names, marks, legend } = layout;
  const bottom = plot.y + plot.height;
  const axis = (y: number) => <BottomAxis ticks={ticks} title={title} x={plot.x} y={y} width={plot.width} />;
  const size = { width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': FONT, 'font-size': '12' };
  const parts = legend && <PlotKey layout={legend} x={legend.x} y={legend.y} colors={partColors} />;
  return (
    <div class="kept-axis">
      <svg
        ref={picture}
        class="plot violins"
        role="img"
        aria-label={`${label}; the table has the numbers`}
        {...size}
        {...pointing(props.onPoint, props.onLeave)}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          props.onClick(event.clientX - box.left, event.clientY - box.top, event);
        }}
      >
        {isUpright ? (
          <LeftAxis
            ticks={ticks}
            title={title}
            x={plot.x}
            y={plot.y}
            height={plot.height}
            across={plot.width}
          />
        ) : (
          <>
            <path
              d={ticks.map(({ at }) => `M${at} ${plot.y}V${bottom}`).join('')}
              stroke="currentColor"
              stroke-opacity={0.12}
            />
            {axis(bottom)}
          </>
        )}
        <g fill="currentColor">
          {names.map(({ at, text, full }, index) =>
            isUpright ? (
              <text key={index} x={at} y={bottom + 16} text-anchor="middle">
                <title>{full}</title>
                {text}
              </text>
            ) : (
              <text key={index} x={plot.x - 8} y={at} dy="0.35em" text-anchor="end">
                <title>{full}</title>
                {text}
              </text>
            ),
          )}
        </g>
        {marks.map(({ outline, box, whiskers, median, points, area }, at) => (
          <g key={at} stroke-linejoin="round">
            {at === pointed && <rect {...area} fill="currentColor" fill-opacity={0.07} />}
            {outline && (
              <path
                d={outline}
                fill={colors[at]}
                fill-opacity={0.55}
                stroke={colors[at]}
                stroke-width={1.2}
              />
            )}
            {points && (
              <path
                d={points}
                stroke="currentColor"
                stroke-opacity={outline ? 0.45 : 0.6}
                stroke-width={2}
                stroke-linecap="round"
              />
            )}
            {box && (
              <g stroke="currentColor" fill={outline ? 'none' : colors[at]} fill-opacity={0.55}>
                <path d={whiskers} />
                <path d={box} />
                <path d={median} stroke-width={2.4} />
              </g>
            )}
          </g>
        ))}
        {parts}
      </svg>
      {isScrolled && !isUpright && (
        <svg class="plot kept" aria-hidden="true" {...size} height={KEPT} viewBox={`0 0 ${width} ${KEPT}`}>
          {axis(0.5)}
        </svg>
      )}
      {isScrolled && parts && plot.y <= MOST_KEPT && (
        <svg
          class="plot kept-names"
          aria-hidden="true"
          {...size}
          height={plot.y}
          viewBox={`0 0 ${width} ${plot.y}`}
        >
          {parts}
        </svg>
      )}
    </div>
  );
}
