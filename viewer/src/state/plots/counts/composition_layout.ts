import { scaleLinear } from 'd3-scale';
import type { CsvColumn } from '../../texts/csv';
import { formatCount, formatCounted, formatShare } from '../../texts/format';
import { groupColumns } from '../engine/groupings';
import { ticksOf, type Tick } from '../axis';
import { byLetters, cutName, roomOf, type WidthOf } from '../names';
import type { Amount, DrawnComposition, Sort } from './composition_plot';
import { NO_GROUP } from './histogram_layout';
import { layOutKey, type Key } from './key';

const ROW = 24;
const BAR = 18;
const MARGIN = { right: 26, top: 6, bottom: 44 } as const;
const LONGEST_NAME = 168;

const byName = new Intl.Collator('en', { numeric: true });

/** A bar, with the number of the row of the counts. */
export interface Bar {
  readonly row: number;
  readonly name: string;
  /** The name, cut where it is long. */
  readonly text: string;
  readonly total: number;
  /** Upper edge. */
  readonly y: number;
}

/** A part of a bar. */
export interface Part {
  readonly row: number;
  readonly column: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface CompositionLayout {
  readonly height: number;
  readonly left: number;
  readonly width: number;
  readonly bottom: number;
  readonly ticks: readonly Tick[];
  readonly bars: readonly Bar[];
  readonly parts: readonly Part[];
  readonly key: Key;
}

export const BAR_HEIGHT = BAR;

/** The bars in order, without those that have no cells. */
export function barsOf({ by, of, counts }: DrawnComposition, sort: Sort): Omit<Bar, 'y' | 'text'>[] {
  const width = of.labels.length + 1;
  const order = by.order ?? by.labels.keys();
  const bars = [...order, by.labels.length].map((row) => ({
    row,
    name: by.labels[row] ?? NO_GROUP,
    total: counts.subarray(row * width, (row + 1) * width).reduce((sum, count) => sum + count, 0),
  }));
  const shown = bars.filter(({ total }) => total > 0);
  if (sort === 'size') shown.sort((one, other) => other.total - one.total);
  if (sort === 'name') shown.sort((one, other) => byName.compare(one.name, other.name));
  return shown;
}

export function layOutComposition(
  drawn: DrawnComposition,
  { amount, sort, width }: { readonly amount: Amount; readonly sort: Sort; readonly width: number },
  widthOf: WidthOf = byLetters,
): CompositionLayout {
  const { of, counts } = drawn;
  const nOf = of.labels.length + 1;
  const sorted = barsOf(drawn, sort);
  const room = Math.min(LONGEST_NAME, width * 0.4);
  const names = sorted.map(({ name }) => cutName(name, room, widthOf));
  const left = 16 + roomOf(names, room, widthOf);
  const inner = Math.max(60, width - left - MARGIN.right);
  const most = amount === 'shares' ? 1 : Math.max(1, ...sorted.map(({ total }) => total));
  const scale = scaleLinear([0, most], [left, left + inner]);
  const bars = sorted.map((bar, at) => ({ ...bar, text: names[at], y: MARGIN.top + at * ROW }));
  const used = new Set<number>();
  const parts = bars.flatMap(({ row, total, y }) => {
    let before = 0;
    return Array.from(counts.subarray(row * nOf, (row + 1) * nOf), (count, column) => {
      const unit = amount === 'shares' ? total : 1;
      const [from, to] = [scale(before / unit), scale((before + count) / unit)];
      before += count;
      if (count > 0) used.add(column);
      return { row, column, x: from, y, width: to - from };
    }).filter((part) => part.width > 0);
  });
  const bottom = MARGIN.top + bars.length * ROW;
  const columns = [...of.labels.keys(), of.labels.length].filter((column) => used.has(column));
  const key = layOutKey(columns, [...of.labels, NO_GROUP], width - 14, widthOf);
  const ticks = ticksOf(scale, Math.max(2, inner / 90)).map(({ at, text }) =>
    amount === 'shares' ? { at, text: `${Math.round(100 * scale.invert(at))} %` } : { at, text },
  );
  return { height: bottom + MARGIN.bottom + key.height, left, width: inner, bottom, ticks, bars, parts, key };
}

/** The part at a place, as its place in the list; null if there is none. */
export function partAt({ parts }: CompositionLayout, atX: number, atY: number): number | null {
  const found = parts.findIndex(
    ({ x, y, width }) => atX >= x && atX < x + width && atY >= y && atY < y + BAR,
  );
  return found < 0 ? null : found;
}

export function partText({ by, of, counts }: DrawnComposition, { row, column }: Part): string {
  const nOf = of.labels.length + 1;
  const total = counts.subarray(row * nOf, (row + 1) * nOf).reduce((sum, count) => sum + count, 0);
  const count = counts[row * nOf + column];
  const name = of.labels[column] ?? NO_GROUP;
  const bar = by.labels[row] ?? NO_GROUP;
  return `${name} in ${bar}: ${formatCounted(count, 'cell')}, ${formatShare(count, total)} of ${formatCount(total)}`;
}

/** A line for each bar and each part. */
export function compositionColumns(drawn: DrawnComposition, sort: Sort): CsvColumn[] {
  const { by, of, counts } = drawn;
  const nOf = of.labels.length + 1;
  const columns = [...of.labels.keys(), of.labels.length];
  const used = columns.filter(
    (column) =>
      column < of.labels.length || barsOf(drawn, sort).some(({ row }) => counts[row * nOf + column] > 0),
  );
  const cells = barsOf(drawn, sort).flatMap(({ row, total }) =>
    used.map((column) => ({ row, column, total, count: counts[row * nOf + column] })),
  );
  return [
    ...groupColumns(
      by,
      cells.map(({ row }) => row),
      'group',
    ),
    ...groupColumns(
      of,
      cells.map(({ column }) => column),
    ),
    { header: 'cells', texts: cells.map(({ count }) => String(count)) },
    { header: 'share', texts: cells.map(({ count, total }) => String(count / total)) },
  ];
}
