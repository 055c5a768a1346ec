import { onAxis } from '../log_axis';
import { N_PLACES } from './density';
import type { Violin } from './violins';
import type { Widths } from './violin_plot';

/** How violins are drawn. */
export interface ViolinLook {
  readonly isLog: boolean;
  readonly hasViolins: boolean;
  readonly hasBoxes: boolean;
  readonly hasPoints: boolean;
  readonly widths: Widths;
}

/** How values become pixels. */
export interface Frame {
  readonly isUpright: boolean;
  readonly place: (value: number) => number;
}

/** The place of a violin on the axis of categories. */
interface Spot {
  readonly middle: number;
  readonly half: number;
  /** Only below (-1) or above (1) the middle; 0 for both. */
  readonly side: -1 | 0 | 1;
  /** The share of its width that it fills. */
  readonly size: number;
}

/** Paths of SVG; empty for what is not drawn. */
export interface Shape {
  readonly outline: string;
  /** The box, the lines to the ends of its whiskers, and its median. */
  readonly box: string;
  readonly whiskers: string;
  readonly median: string;
  /** Points as lines of no length. */
  readonly points: string;
}

const NOTHING: Shape = { outline: '', box: '', whiskers: '', median: '', points: '' };
const rounded = (value: number) => Math.round(value * 10) / 10;

export function shapeOf(violin: Violin, spot: Spot, look: ViolinLook, { isUpright, place }: Frame): Shape {
  const { box, points, outliers } = violin;
  if (!box) return NOTHING;
  const point = (across: number, along: number) =>
    isUpright ? `${rounded(across)} ${rounded(along)}` : `${rounded(along)} ${rounded(across)}`;
  const at = (value: number) => place(onAxis(value, look.isLog));
  const { middle, half, side } = spot;
  const width = widthAt(violin, spot, look.isLog);
  const line = (value: number, from: number, to: number) =>
    `M${point(from, at(value))}L${point(to, at(value))}`;
  // A half has its box beside the middle.
  const thick = look.hasViolins ? Math.min(5, half * 0.22) : half * 0.75;
  const centre = middle + side * (thick + 1.5);
  const [q1, q3] = [at(box.q1), at(box.q3)];
  const [low, high] = box.whiskers;
  const isDrawn = look.hasBoxes;
  const dots = look.hasPoints ? points : isDrawn && !look.hasViolins ? outliers : [];
  return {
    outline: look.hasViolins ? outlineOf(violin, spot, place, point, line) : '',
    box: isDrawn
      ? `M${point(centre - thick, q1)}L${point(centre + thick, q1)}L${point(centre + thick, q3)}L${point(centre - thick, q3)}Z`
      : '',
    whiskers: isDrawn
      ? `M${point(centre, q1)}L${point(centre, at(low))}M${point(centre, q3)}L${point(centre, at(high))}`
      : '',
    median: isDrawn ? line(box.median, centre - thick, centre + thick) : '',
    points: Array.from(dots, (value, index) => {
      const away = look.hasPoints ? chance(index) * (look.hasViolins ? width(value) * 0.9 : half * 0.6) : 0;
      const across = side === 0 ? middle + away : middle + side * Math.abs(away);
      return `M${point(across, at(value))}h0`;
    }).join(''),
  };
}

function outlineOf(
  { density, box }: Violin,
  { middle, half, side, size }: Spot,
  place: (value: number) => number,
  point: (across: number, along: number) => string,
  line: (value: number, from: number, to: number) => string,
): string {
  const reach = half * size;
  const [left, right] = [side === 1 ? middle : middle - reach, side === -1 ? middle : middle + reach];
  // Equal values have no density.
  if (!density) return line(box!.median, left, right);
  const most = Math.max(...density.values);
  const step = (density.high - density.low) / (N_PLACES - 1);
  const along = Array.from(density.values, (_, at) => place(density.low + at * step));
  const widths = Array.from(density.values, (value) => (value / most) * reach);
  const up = widths.map((width, at) => point(side === -1 ? middle : middle + width, along[at]));
  const down = widths.map((width, at) => point(side === 1 ? middle : middle - width, along[at]));
  return `M${up.join('L')}L${down.toReversed().join('L')}Z`;
}

/** Half the width of a violin at a value. */
function widthAt({ density }: Violin, { half, size }: Spot, isLog: boolean): (value: number) => number {
  if (!density) return () => half * size;
  const { low, high, values } = density;
  const most = Math.max(...values);
  return (value) => {
    const at = Math.round(((onAxis(value, isLog) - low) / (high - low)) * (N_PLACES - 1));
    return (values[Math.max(0, Math.min(N_PLACES - 1, at))] / most) * half * size;
  };
}

/** From -1 to 1, always the same for a point. */
function chance(index: number): number {
  return 2 * ((index * 0.6180339887498949) % 1) - 1;
}
