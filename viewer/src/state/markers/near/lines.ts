import type { NeighbourGroups } from '../../../bundle/statistics';
import type { Floats } from '../../../bytes/numbers';
import { exactText, namedColumns, type CsvColumn } from '../../texts/csv';
import { formatCount, formatRounded } from '../../texts/format';

export const LINES = { width: 620, height: 300, left: 48, right: 12, top: 12, bottom: 40 } as const;
/** Pixels around a line in which it is pointed at. */
const NEAR = 14;

export interface Tick {
  readonly at: number;
  readonly text: string;
}
export interface Line {
  /** The other group. */
  readonly group: number;
  /** Points in pixels. */
  readonly points: readonly (readonly [number, number])[];
}
export interface LinesLayout {
  readonly lines: readonly Line[];
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Where the ratio is 1: as often as by chance. */
  readonly chance: number;
}

/** How often each group lies within a distance of one of them. */
export function layOutLines(
  ratios: Floats,
  { categories, distances }: NeighbourGroups,
  of: number,
): LinesLayout {
  const [nGroups, nDistances] = [categories.length, distances.length];
  const valueAt = (group: number, at: number) => ratios[(group * nGroups + of) * nDistances + at];
  let highest = 1;
  for (let group = 0; group < nGroups; group++)
    for (let at = 0; at < nDistances; at++) highest = Math.max(highest, valueAt(group, at) || 0);
  const last = distances[nDistances - 1];
  const inner = {
    width: LINES.width - LINES.left - LINES.right,
    height: LINES.height - LINES.top - LINES.bottom,
  };
  const xOf = (distance: number) => LINES.left + (distance / last) * inner.width;
  const yOf = (ratio: number) => LINES.top + (1 - ratio / (1.05 * highest)) * inner.height;
  const lines: Line[] = [];
  for (let group = 0; group < nGroups; group++) {
    // A group without cells has none.
    const known = distances.map((distance, at) => [xOf(distance), yOf(valueAt(group, at))] as const);
    const points = known.filter(([, y]) => !Number.isNaN(y));
    if (points.length > 0) lines.push({ group, points });
  }
  return {
    lines,
    xTicks: ticksUpTo(last).map((value) => ({ at: xOf(value), text: formatRounded(value) })),
    yTicks: ticksUpTo(1.05 * highest).map((value) => ({ at: yOf(value), text: formatRounded(value) })),
    chance: yOf(1),
  };
}

/** The line nearest to a point, and its place; null if there is none. */
export function lineAt({ lines }: LinesLayout, x: number, y: number): readonly [Line, number] | null {
  let [found, least]: [readonly [Line, number] | null, number] = [null, NEAR ** 2];
  for (const line of lines)
    for (const [at, point] of line.points.entries()) {
      const distance = (point[0] - x) ** 2 + (point[1] - y) ** 2;
      if (distance <= least) [found, least] = [[line, at], distance];
    }
  return found;
}

/** A line for each two groups and distance, of one group or of all. */
export function linesColumns(
  ratios: Floats,
  { categories, distances }: NeighbourGroups,
  of: number,
  shown: readonly string[] = categories,
): CsvColumn[] {
  const rows = categories.flatMap((_, group) => distances.map((_, at) => [group, at] as const));
  const nGroups = categories.length;
  return [
    ...namedColumns(
      'group',
      rows.map(([group]) => group),
      categories,
      shown,
    ),
    ...namedColumns(
      'other',
      rows.map(() => of),
      categories,
      shown,
    ),
    { header: 'distance', texts: rows.map(([, at]) => exactText(distances[at])) },
    {
      header: 'ratio',
      texts: rows.map(([group, at]) => exactText(ratios[(group * nGroups + of) * distances.length + at])),
    },
  ];
}

/** What the ratios are, as a sentence. */
export function linesFacts({ nPaired }: NeighbourGroups, name: string): string {
  return (
    `Of the cells within a distance of a cell of ${name}, the share of each group, divided by its share in all pairs ` +
    `within that distance: above 1, more often than by chance. Counted among ${formatCount(nPaired)} cells.`
  );
}

/** Round numbers from 0, at most seven. */
function ticksUpTo(last: number): number[] {
  const rough = last / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10);
  const ticks: number[] = [];
  for (let at = 0; at * step <= last; at++) ticks.push(Number((at * step).toPrecision(12)));
  return ticks;
}
