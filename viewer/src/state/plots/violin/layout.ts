import { scaleLinear } from 'd3-scale';
import { numberText, ticksOf, type Tick } from '../axis';
import { layOutKey, type Key } from '../counts/key';
import { onAxis } from '../log_axis';
import { byLetters, cutName, type WidthOf } from '../names';
import type { Category } from './arrange';
import { shapeOf, type Frame, type Shape, type ViolinLook } from './shapes';
import type { Violin } from './violins';

/** Pixels of the axis of values. */
const AXIS = { below: 44, left: 54 } as const;
const LONGEST_NAME = 168;
const TOP = 10;
/** Above and below the names of parts. */
const LEGEND = 6;
/** Least and most pixels of a category, and of each of its parts beside each other. */
const SLOT = { least: 26, most: 110, part: 16, gap: 8 } as const;
/** Least pixels between marks of an axis of logarithms. */
const NEAR = 30;

export interface ViolinMark extends Shape {
  readonly violin: Violin;
  readonly category: Category;
  /** What is pointed at. */
  readonly area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export interface ViolinLayout {
  readonly width: number;
  readonly height: number;
  /** Values from bottom to top, with categories beside each other; otherwise from left to right, in rows. */
  readonly isUpright: boolean;
  readonly plot: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly ticks: readonly Tick[];
  readonly names: readonly { readonly at: number; readonly text: string; readonly full: string }[];
  readonly marks: readonly ViolinMark[];
  /** The names of parts, above the plot; null without parts. */
  readonly legend: (Key & { readonly x: number; readonly y: number }) | null;
}

/** Where everything of violins lies. */
export function layOutViolins(
  categories: readonly Category[],
  parts: readonly string[],
  look: ViolinLook,
  room: { readonly width: number; readonly height: number },
  widthOf: WidthOf = byLetters,
): ViolinLayout {
  const shown = parts.length > 1 ? partsOf(categories) : [0];
  const isHalved = shown.length === 2 && look.hasViolins;
  const least = Math.max(SLOT.least, (isHalved ? 1 : shown.length) * SLOT.part + SLOT.gap);
  const longest = Math.min(LONGEST_NAME, Math.max(1, ...categories.map(({ name }) => widthOf(name))));
  const across = room.width - AXIS.left - TOP;
  const isUpright = categories.length * Math.max(least, longest + SLOT.gap) <= across;
  const left = isUpright ? AXIS.left : Math.min(longest + 12, room.width * 0.4);
  const legend = legendOf(shown, parts, isUpright ? left : TOP, room.width, widthOf);
  const top = TOP + (legend ? legend.height + LEGEND : 0);
  const space = isUpright ? across : room.height - top - AXIS.below;
  const slot = Math.min(SLOT.most, Math.max(least, space / Math.max(1, categories.length)));
  const length = slot * categories.length;
  const plot = isUpright
    ? { x: left, y: top, width: length, height: Math.max(60, room.height - top - 24) }
    : { x: left, y: top, width: Math.max(60, room.width - left - 16), height: length };
  const scale = scaleLinear(
    extentOf(categories, look.isLog),
    isUpright ? [plot.y + plot.height, plot.y] : [plot.x, plot.x + plot.width],
  );
  const frame: Frame = { isUpright, place: (value) => scale(value) };
  const widest = Math.max(...categories.flatMap((each) => each.parts.map(({ n }) => n)));
  const start = isUpright ? plot.x : plot.y;
  const marks = categories.flatMap((category, at) =>
    category.parts.map((violin): ViolinMark => {
      const part = shown.indexOf(violin.split);
      const share = isHalved ? slot : (slot - SLOT.gap) / shown.length;
      const from = start + at * slot + (isHalved ? 0 : SLOT.gap / 2 + part * share);
      const size = look.widths === 'count' ? violin.n / widest : 1;
      const side = isHalved ? (part === 0 ? -1 : 1) : 0;
      const half = isHalved ? (slot - SLOT.gap) / 2 : (share * 0.92) / 2;
      const spot = { middle: from + share / 2, half, side, size } as const;
      const [first, length] = isHalved ? [from + (part * share) / 2, share / 2] : [from, share];
      return {
        ...shapeOf(violin, spot, look, frame),
        violin,
        category,
        area: isUpright
          ? { x: first, y: plot.y, width: length, height: plot.height }
          : { x: plot.x, y: first, width: plot.width, height: length },
      };
    }),
  );
  return {
    width: isUpright ? Math.max(room.width, plot.x + plot.width + TOP) : room.width,
    height: isUpright ? room.height : plot.y + plot.height + AXIS.below,
    isUpright,
    plot,
    ticks: look.isLog
      ? logTicks(scale)
      : ticksOf(scale, Math.max(2, (isUpright ? plot.height : plot.width) / 60)),
    names: categories.map(({ name }, at) => ({
      at: start + (at + 0.5) * slot,
      text: cutName(name, Math.min(LONGEST_NAME, isUpright ? slot : left - 10), widthOf),
      full: name,
    })),
    marks,
    legend,
  };
}

function legendOf(
  shown: readonly number[],
  parts: readonly string[],
  x: number,
  width: number,
  widthOf: WidthOf,
): ViolinLayout['legend'] {
  return parts.length > 1 ? { ...layOutKey(shown, parts, width - x - TOP, widthOf), x, y: LEGEND } : null;
}

/** The parts of any category. */
function partsOf(categories: readonly Category[]): number[] {
  return [...new Set(categories.flatMap(({ parts }) => parts.map(({ split }) => split)))].sort(
    (a, b) => a - b,
  );
}

/** All values, with a margin. */
function extentOf(categories: readonly Category[], isLog: boolean): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { parts } of categories) {
    for (const { box } of parts) {
      if (!box) continue;
      low = Math.min(low, onAxis(box.minimum, isLog));
      high = Math.max(high, onAxis(box.maximum, isLog));
    }
  }
  if (low > high) return [0, 1];
  if (low === high) return [low - 0.5, high + 0.5];
  const margin = (high - low) * 0.03;
  return [low - margin, high + margin];
}

/** Round values on an axis of logarithms, not too near: zero and powers of ten before others. */
export function logTicks(scale: { (place: number): number; domain(): number[] }): Tick[] {
  const [low, high] = scale.domain();
  const powers = Array.from({ length: 16 }, (_, power) => 10 ** (power - 3));
  const sizes = [1, 5, 2].flatMap((digit) => powers.map((power) => digit * power));
  const ticks: Tick[] = [];
  for (const value of [0, ...sizes.flatMap((size) => [size, -size])]) {
    const place = onAxis(value, true);
    const at = scale(place);
    if (place < low || place > high || ticks.some((tick) => Math.abs(tick.at - at) < NEAR)) continue;
    ticks.push({ at, text: numberText(value) });
  }
  return ticks;
}

export function shorten(name: string, letters: number): string {
  const all = [...name];
  const most = Math.max(2, Math.floor(letters));
  return all.length > most
    ? `${all
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
    : name;
}

/** The number of the mark at a point; null if there is none. */
export function markAt({ marks }: ViolinLayout, x: number, y: number): number | null {
  const at = marks.findIndex(
    ({ area }) => x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height,
  );
  return at < 0 ? null : at;
}
