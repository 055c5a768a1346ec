import { max, min } from 'd3-array';
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import type { Results } from './result';

export const KINDS = ['volcano', 'ma'] as const;
export type Kind = (typeof KINDS)[number];

/** What a gene is: more in the first side, more in the second, or neither. */
export const CLASSES = ['other', 'first', 'second'] as const;
export type Class = (typeof CLASSES)[number];

/** A gene counts as different below this adjusted p, and from this log2 fold change on. */
export const MOST_ADJUSTED = 0.05;
export const LEAST_CHANGE = 1;

interface Room {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A plot of all genes, in pixels. Rows are those of the table. */
export interface GeneScatter {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly class: readonly Class[];
  readonly counts: Readonly<Record<Class, number>>;
  readonly xScale: ScaleLinear<number, number>;
  readonly yScale: ScaleLinear<number, number>;
  /** Rows that lie at the edge, as their fold change is beyond it. */
  readonly nAtEdge: number;
}

/** Whether the differences of the means take the place of fold changes, as most genes have none. */
export function hasDifferences({ table }: Results): boolean {
  const { values } = table.columns.find(({ key }) => key === 'change')!;
  return values.filter(Number.isFinite).length < values.length / 2;
}

/**
 * Volcano: significance against fold change. MA: fold change against the mean of both sides. Axes span the genes that
 * both sides express: without any value in one of them, a fold change is as large as a constant makes it, and the
 * gene lies at the edge. Of scaled values most genes have no fold change: then it is the difference of the means.
 */
export function layOut(results: Results, kind: Kind, room: Room): GeneScatter {
  const { table, strength } = results;
  const column = (key: string) => Float64Array.from(table.columns.find((each) => each.key === key)!.values);
  const [fold, mean, meanOther, adjusted] = ['change', 'mean', 'mean_outside', 'adjusted'].map(column);
  const difference = Float64Array.from(mean, (value, row) => value - meanOther[row]);
  const isDifference = hasDifferences(results);
  const change = isDifference ? difference : fold.map((value) => (Number.isFinite(value) ? value : NaN));
  const isShared = (row: number) => isDifference || (mean[row] !== 0 && meanOther[row] !== 0);
  const furthest = max(change, (value, row) => (isShared(row) ? Math.abs(value) : 0)) || 1;
  const isDrawn = (row: number) => !Number.isNaN(change[row]);
  const average = Float64Array.from(mean, (value, row) =>
    isDrawn(row) ? (value + meanOther[row]) / 2 : NaN,
  );
  const finite = strength.map((value, row) => (value === Infinity || !isDrawn(row) ? NaN : value));
  const changes = scaleLinear([-furthest, furthest], [0, 1]).nice();
  const others = scaleLinear(
    kind === 'volcano' ? [0, max(finite) || 1] : [Math.min(0, min(average) ?? 0), max(average) || 1],
    [0, 1],
  ).nice();
  const across: [number, number] = [room.left, room.right];
  const upwards: [number, number] = [room.bottom, room.top];
  const isVolcano = kind === 'volcano';
  const xScale = (isVolcano ? changes : others).copy().range(across).clamp(true);
  const yScale = (isVolcano ? others : changes).copy().range(upwards).clamp(true);
  const [ofX, ofY] = isVolcano ? [change, strength] : [average, change];
  const [low, high] = changes.domain();
  const classes = Array.from(change, (value, row) =>
    isDifference || !isDrawn(row)
      ? classOf(difference[row], adjusted[row], Number.MIN_VALUE)
      : classOf(value, adjusted[row], LEAST_CHANGE),
  );
  const counts = { other: 0, first: 0, second: 0 };
  for (const each of classes) counts[each]++;
  return {
    x: Float64Array.from(ofX, (value) => xScale(value)),
    y: Float64Array.from(ofY, (value) => yScale(value)),
    class: classes,
    counts,
    xScale,
    yScale,
    nAtEdge: change.reduce((sum, value) => sum + Number(value < low || value > high), 0),
  };
}

function classOf(change: number, adjusted: number, least: number): Class {
  if (!(adjusted < MOST_ADJUSTED) || !(Math.abs(change) >= least)) return 'other';
  return change > 0 ? 'first' : 'second';
}

/** Dots of one class as a path of points. Those that cover each other are drawn once. */
export function pathOf({ x, y, class: classes }: GeneScatter, wanted: Class): string {
  const drawn = new Set<string>();
  for (let row = 0; row < x.length; row++)
    if (classes[row] === wanted && Number.isFinite(x[row] + y[row]))
      drawn.add(`M${x[row].toFixed(1)} ${y[row].toFixed(1)}h0`);
  return [...drawn].join('');
}

export interface GeneLabel {
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
}

/** Beside a dot: to the right or left, and a line higher or lower. */
const PLACES = [0, -1, 1].flatMap((line) => [
  { line, anchor: 'start' as const },
  { line, anchor: 'end' as const },
]);
const LINE = 13;
const GAP = 5;

/** The names of the first genes of both ends, where they cover no other name; without room a gene has none. */
export function placeLabels(
  { x, y, class: classes }: GeneScatter,
  widthOf: (row: number) => number,
  most: number,
  { left, right, top, bottom }: Room,
): GeneLabel[] {
  const boxes: (readonly [number, number, number, number])[] = [];
  const labels: GeneLabel[] = [];
  const isFree = (box: readonly [number, number, number, number]) =>
    box[0] >= left &&
    box[2] <= right &&
    box[1] >= top - LINE &&
    box[3] <= bottom &&
    boxes.every((each) => box[2] < each[0] || each[2] < box[0] || box[3] < each[1] || each[3] < box[1]);
  // Alternately from the top and the bottom of the table.
  for (let at = 0; at < 2 * most && at < x.length; at++) {
    const row = at % 2 === 0 ? at / 2 : x.length - (at + 1) / 2;
    if (classes[row] === 'other' || !Number.isFinite(x[row] + y[row])) continue;
    const width = widthOf(row);
    for (const { line, anchor } of PLACES) {
      const from = anchor === 'start' ? x[row] + GAP : x[row] - GAP - width;
      const middle = y[row] + line * LINE;
      const box = [from, middle - LINE / 2, from + width, middle + LINE / 2] as const;
      if (!isFree(box)) continue;
      boxes.push(box);
      labels.push({ row, x: anchor === 'start' ? from : from + width, y: middle, anchor });
      break;
    }
  }
  return labels;
}

/** The gene nearest to a point, within a distance; null if there is none. */
export function nearestRow({ x, y }: GeneScatter, atX: number, atY: number, most: number): number | null {
  let [found, least]: [number | null, number] = [null, most ** 2];
  for (let row = 0; row < x.length; row++) {
    const distance = (x[row] - atX) ** 2 + (y[row] - atY) ** 2;
    if (distance <= least) [found, least] = [row, distance];
  }
  return found;
}
