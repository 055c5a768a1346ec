import { scaleLinear } from 'd3-scale';
import { ticksOf, type Tick } from '../axis';
import { logTicks, shorten } from '../violin/layout';
import { NO_COLOUR, type Scatter, type Squares } from './scatter';

const MARGIN = { left: 58, right: 14, top: 12, bottom: 44 } as const;
/** Pixels for the names of colours at the right of a plot that has room for them. */
const NAMES = { width: 150, least: 420, row: 18, letters: 18 } as const;
/** Depths of colour of squares. */
export const N_DEPTHS = 24;

type Scale = ReturnType<typeof scaleLinear<number>>;

/** Squares or points that look the same, as one path. */
export interface Layer {
  readonly path: string;
  readonly colour: number;
  /** Of squares, from 0 to 1: the logarithm of their count, as a share of the largest. */
  readonly depth: number;
}

export interface ScatterLayout {
  readonly plot: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly x: Scale;
  readonly y: Scale;
  readonly ticks: readonly [readonly Tick[], readonly Tick[]];
  readonly isPoints: boolean;
  readonly layers: readonly Layer[];
  /** The colours that are drawn, most squares or points first, as far as there is room. */
  readonly names: readonly { readonly y: number; readonly colour: number; readonly text: string }[];
}

/** Where everything of a scatter plot lies; null without cells. */
export function layOutScatter(
  { axes, counts, most: squares, points }: Scatter,
  isLog: boolean,
  labels: readonly string[] | null,
  { width, height }: { readonly width: number; readonly height: number },
): ScatterLayout | null {
  if (!axes) return null;
  const hasNames = labels !== null && width >= NAMES.least;
  const plot = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: Math.max(60, width - MARGIN.left - (hasNames ? NAMES.width : MARGIN.right)),
    height: Math.max(60, height - MARGIN.top - MARGIN.bottom),
  };
  const x = scaleLinear(domainOf(axes[0], points !== null), [plot.x, plot.x + plot.width]);
  const y = scaleLinear(domainOf(axes[1], points !== null), [plot.y + plot.height, plot.y]);
  const ticks = [
    isLog ? logTicks(x) : ticksOf(x, plot.width / 80),
    isLog ? logTicks(y) : ticksOf(y, plot.height / 50),
  ] as const;
  const layers = points ? pointLayers(points, x, y) : squareLayers(axes, counts, squares, x, y);
  const most = Math.max(1, Math.floor(plot.height / NAMES.row));
  const names = hasNames ? frequent(points?.code ?? squares ?? [], labels).slice(0, most) : [];
  return { plot, x, y, ticks, isPoints: points !== null, layers, names };
}

function frequent(colours: ArrayLike<number>, labels: readonly string[]) {
  const counts = new Map<number, number>();
  for (let at = 0; at < colours.length; at++) counts.set(colours[at], (counts.get(colours[at]) ?? 0) + 1);
  counts.delete(NO_COLOUR);
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([colour], row) => ({
      y: MARGIN.top + (row + 0.5) * NAMES.row,
      colour,
      text: shorten(labels[colour] ?? '', NAMES.letters),
    }));
}

/** Points at the ends are not cut. */
function domainOf({ low, high }: Squares, hasPoints: boolean): [number, number] {
  const margin = hasPoints ? (high - low) * 0.02 : 0;
  return [low - margin, high + margin];
}

const rounded = (value: number) => Math.round(value * 10) / 10;

function pointLayers(points: NonNullable<Scatter['points']>, x: Scale, y: Scale): Layer[] {
  const paths = new Map<number, string[]>();
  points.code.forEach((colour, at) => {
    const path = paths.get(colour) ?? [];
    paths.set(colour, path);
    path.push(`M${rounded(x(points.x[at]))} ${rounded(y(points.y[at]))}h0`);
  });
  return [...paths]
    .sort(([one], [other]) => one - other)
    .map(([colour, path]) => ({ path: path.join(''), colour, depth: 1 }));
}

function squareLayers(
  [across, up]: readonly [Squares, Squares],
  counts: Uint32Array,
  most: Int32Array | null,
  x: Scale,
  y: Scale,
): Layer[] {
  const largest = counts.reduce((high, count) => Math.max(high, count), 1);
  const paths = new Map<string, { path: string[]; colour: number; depth: number }>();
  const edge = ({ low, high, count }: Squares, at: number) => low + ((high - low) * at) / count;
  counts.forEach((count, square) => {
    if (count === 0) return;
    const [column, row] = [square % across.count, Math.floor(square / across.count)];
    const [left, right] = [x(edge(across, column)), x(edge(across, column + 1))].map(rounded);
    const [bottom, top] = [y(edge(up, row)), y(edge(up, row + 1))].map(rounded);
    const share = largest > 1 ? Math.log(count) / Math.log(largest) : 1;
    const depth = Math.round(share * N_DEPTHS) / N_DEPTHS;
    const colour = most ? most[square] : NO_COLOUR;
    const key = `${colour} ${depth}`;
    const layer = paths.get(key) ?? { path: [], colour, depth };
    paths.set(key, layer);
    layer.path.push(`M${left} ${top}H${right}V${bottom}H${left}Z`);
  });
  return [...paths.values()].map((layer) => ({ ...layer, path: layer.path.join('') }));
}

/** The square at a place of the axes, as a number; null outside. */
export function squareAt([across, up]: readonly [Squares, Squares], x: number, y: number): number | null {
  const column = Math.floor(((x - across.low) / (across.high - across.low)) * across.count);
  const row = Math.floor(((y - up.low) / (up.high - up.low)) * up.count);
  if (!(column >= 0 && row >= 0 && column < across.count && row < up.count)) return null;
  return row * across.count + column;
}
