import { useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import type { Grouped } from '../../state/plots/engine/groupings';
import { NO_COLOUR } from '../../state/plots/scatter/scatter';
import type { Layer, ScatterLayout } from '../../state/plots/scatter/layout';
import type { Size } from '../drawer/frame';
import { FONT } from '../picture/draw';
import { BottomAxis, LeftAxis } from './axes';

interface Rectangle {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface ScatterPictureProps {
  picture: RefObject<SVGSVGElement | null>;
  layout: ScatterLayout;
  size: Size;
  /** The categories that colour the cells; null for one colour. */
  colors: Grouped | null;
  titles: readonly string[];
  label: string;
  pointed: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | null;
  onPoint: (x: number, y: number) => void;
  onLeave: () => void;
  onRectangle: (rectangle: Rectangle, event: PointerEvent) => void;
}

const PLAIN = '#2f7fb5';
const UNKNOWN = '#8a949a';
/** The palest square. */
const LEAST_OPACITY = 0.28;
/** Shorter drags are clicks. */
const LEAST_DRAG = 4;

/** A scatter plot as SVG; dragging a rectangle selects. */
export function ScatterPicture(props: ScatterPictureProps) {
  const { picture, layout, size, titles, label, pointed } = props;
  const { plot, ticks, layers, isPoints, names } = layout;
  const { width, height } = size;
  const [drag, setDrag] = useState<readonly [number, number, number, number] | null>(null);
  const placeOf = (event: PointerEvent) => {
    const box = picture.current!.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top] as const;
  };
  const rectangle = drag && {
    left: Math.min(drag[0], drag[2]),
    right: Math.max(drag[0], drag[2]),
    top: Math.min(drag[1], drag[3]),
    bottom: Math.max(drag[1], drag[3]),
  };
  const isDrag =
    rectangle !== null &&
    Math.max(rectangle.right - rectangle.left, rectangle.bottom - rectangle.top) >= LEAST_DRAG;
  return (
    <svg
      ref={picture}
      class="plot scatter-plot"
      role="img"
      aria-label={label}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      font-family={FONT}
      font-size="12"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        const [x, y] = placeOf(event);
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag([x, y, x, y]);
        props.onPoint(x, y);
      }}
      onPointerMove={(event) => {
        const [x, y] = placeOf(event);
        if (drag) setDrag([drag[0], drag[1], x, y]);
        else props.onPoint(x, y);
      }}
      onPointerUp={(event) => {
        if (isDrag) props.onRectangle(rectangle, event);
        setDrag(null);
      }}
      onPointerCancel={() => setDrag(null)}
      onPointerLeave={(event) => event.pointerType !== 'touch' && props.onLeave()}
    >
      <LeftAxis
        ticks={ticks[1]}
        title={titles[1]}
        x={plot.x}
        y={plot.y}
        height={plot.height}
        across={plot.width}
      />
      <BottomAxis ticks={ticks[0]} title={titles[0]} x={plot.x} y={plot.y + plot.height} width={plot.width} />
      {layers.map((layer, at) => (
        <path
          key={at}
          d={layer.path}
          {...(isPoints ? pointLook(layer, props.colors) : squareLook(layer, props.colors))}
        />
      ))}
      <g fill="currentColor">
        {names.map(({ y, colour, text }) => (
          <g key={colour}>
            <rect
              x={plot.x + plot.width + 12}
              y={y - 6}
              width={12}
              height={12}
              rx={2}
              fill={props.colors?.colors[colour]}
            />
            <text x={plot.x + plot.width + 30} y={y} dy="0.35em">
              {text}
            </text>
          </g>
        ))}
      </g>
      {pointed && !isDrag && <rect {...pointed} fill="none" stroke="currentColor" stroke-width={1.5} />}
      {isDrag && (
        <rect
          x={rectangle.left}
          y={rectangle.top}
          width={rectangle.right - rectangle.left}
          height={rectangle.bottom - rectangle.top}
          fill="currentColor"
          fill-opacity={0.08}
          stroke="currentColor"
          stroke-dasharray="4 3"
        />
      )}
    </svg>
  );
}

function colourOf({ colour }: Layer, colors: Grouped | null): string {
  if (!colors) return PLAIN;
  return colour === NO_COLOUR ? UNKNOWN : (colors.colors[colour] ?? UNKNOWN);
}

function pointLook(layer: Layer, colors: Grouped | null) {
  return {
    stroke: colourOf(layer, colors),
    'stroke-opacity': 0.7,
    'stroke-width': 3.4,
    'stroke-linecap': 'round',
  } as const;
}

function squareLook(layer: Layer, colors: Grouped | null) {
  return {
    fill: colourOf(layer, colors),
    'fill-opacity': LEAST_OPACITY + (1 - LEAST_OPACITY) * layer.depth,
    'shape-rendering': 'crispEdges',
  } as const;
}
