import { scaleLinear } from 'd3-scale';
import type { CsvColumn } from '../../texts/csv';
import { formatCount, formatCounted } from '../../texts/format';
import { groupColumns } from '../engine/groupings';
import { numberText, ticksOf, type Tick } from '../axis';
import { notDrawn } from '../left_out';
import type { WidthOf } from '../names';
import type { Histogram } from './histogram';
import type { DrawnHistogram, Look } from './histogram_plot';
import { layOutKey, type Key } from './key';

const MARGIN = { left: 64, right: 14, top: 10, bottom: 44 } as const;
const LEAST_HEIGHT = 110;
const MOST_NAMED = 5;
/** Cells of no group. */
export const NO_GROUP = 'missing';
export const NO_GROUP_COLOR = '#9aa3a8';

export interface HistogramLayout {
  readonly height: number;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Outlines of groups that have cells. */
  readonly steps: readonly { readonly group: number; readonly path: string }[];
  /** Places of the edges of bins. */
  readonly edges: readonly number[];
  /** Below the plot; null for one group. */
  readonly key: Key | null;
}

/** The groups that have cells; the last stands for cells of no group. */
export function groupsOf({ counts, edges, by }: DrawnHistogram): number[] {
  const n = edges.length - 1;
  const rows = [...by.labels.keys(), by.labels.length];
  return rows.filter((row) => counts.subarray(row * n, (row + 1) * n).some((count) => count > 0));
}

export function namesOf({ by }: { readonly by: { readonly labels: readonly string[] } }): string[] {
  return [...by.labels, NO_GROUP];
}

/** What the picture does not show. */
export function histogramFacts({ single, nMissing, nInfinite }: Histogram): string {
  const sentences = [
    single !== null && `All values are ${numberText(single)}.`,
    notDrawn(nMissing, 'without a value'),
    notDrawn(nInfinite, 'with an infinite value'),
  ];
  return sentences.filter(Boolean).join(' ');
}

/** Why there is nothing to draw; null if there is. */
export function nothingDrawn({ edges, nMissing, nInfinite, name }: DrawnHistogram): string | null {
  if (edges.length > 1) return null;
  if (nMissing + nInfinite === 0) return 'There are no such cells.';
  return `None of these cells has a ${nInfinite > 0 ? 'finite value' : 'value'} of ${name}.`;
}

interface Options {
  readonly look: Look;
  readonly isLog: boolean;
  readonly width: number;
  readonly height: number;
  readonly widthOf?: WidthOf;
}

export function layOutHistogram(
  drawn: DrawnHistogram,
  { look, isLog, width, height, widthOf }: Options,
): HistogramLayout {
  const n = drawn.edges.length - 1;
  const groups = groupsOf(drawn);
  const boxWidth = Math.max(60, width - MARGIN.left - MARGIN.right);
  const key = drawn.by.name === '' ? null : layOutKey(groups, namesOf(drawn), boxWidth, widthOf);
  const free = height - MARGIN.top - MARGIN.bottom - (key?.height ?? 0);
  const boxHeight = Math.max(LEAST_HEIGHT, free);
  const box = { x: MARGIN.left, y: MARGIN.top, width: boxWidth, height: boxHeight };

  const isStacked = look === 'stacked';
  const base = new Float64Array(n);
  const tops = groups.map((group) => {
    const row = Float64Array.from(drawn.counts.subarray(group * n, (group + 1) * n));
    if (!isStacked) return { low: new Float64Array(n), high: row };
    const low = base.slice();
    row.forEach((count, bin) => (base[bin] += count));
    return { low, high: base.slice() };
  });
  const most = tops.reduce((all, { high }) => high.reduce((top, each) => Math.max(top, each), all), 1);
  const x = scaleLinear([drawn.edges[0], drawn.edges[n]], [box.x, box.x + box.width]);
  const [y, yTicks] = isLog ? logScale(most, box) : linearScale(most, box);
  const edges = Array.from(drawn.edges, (edge) => x(edge));
  const steps = groups.map((group, at) => ({
    group,
    path: outline(edges, Array.from(tops[at].low, y), Array.from(tops[at].high, y)),
  }));
  return {
    height: MARGIN.top + boxHeight + MARGIN.bottom + (key?.height ?? 0),
    box,
    xTicks: ticksOf(x, Math.max(2, boxWidth / 90)),
    yTicks,
    steps,
    edges,
    key,
  };
}

type Scale = readonly [(count: number) => number, readonly Tick[]];

function linearScale(most: number, { y, height }: HistogramLayout['box']): Scale {
  const scale = scaleLinear([0, most], [y + height, y]).nice();
  const ticks = ticksOf(scale, Math.max(2, height / 50));
  // Cells are whole.
  return [scale, ticks.filter(({ at }) => Number.isInteger(Number(scale.invert(at).toFixed(6))))];
}

/** From half a cell on, so that one cell is seen. */
function logScale(most: number, { y, height }: HistogramLayout['box']): Scale {
  const scale = scaleLinear([Math.log10(0.5), Math.log10(most)], [y + height, y]);
  const powers = Array.from({ length: Math.floor(Math.log10(most)) + 1 }, (_, power) => 10 ** power);
  return [
    (count) => (count > 0 ? scale(Math.log10(count)) : y + height),
    powers.map((count) => ({ at: scale(Math.log10(count)), text: numberText(count) })),
  ];
}

function outline(edges: readonly number[], low: readonly number[], high: readonly number[]): string {
  const place = (value: number) => value.toFixed(1);
  const up = high.map((y, bin) => `V${place(y)}H${place(edges[bin + 1])}`);
  const back = low.map((y, bin) => `V${place(y)}H${place(edges[bin])}`).reverse();
  return `M${place(edges[0])} ${place(low[0])}${up.join('')}${back.join('')}Z`;
}

/** The bin at a place; null beside the plot. */
export function binAt({ edges, box }: HistogramLayout, atX: number, atY: number): number | null {
  if (atY < box.y || atY > box.y + box.height) return null;
  const after = edges.findIndex((edge) => edge > atX);
  return after < 1 ? null : after - 1;
}

/** The cells of a bin in words, the groups with most cells first. */
export function binText(drawn: DrawnHistogram, bin: number): string {
  const n = drawn.edges.length - 1;
  const [from, to] = [drawn.edges[bin], drawn.edges[bin + 1]].map((edge) =>
    numberText(Number(edge.toPrecision(4))),
  );
  const names = namesOf(drawn);
  const rows = groupsOf(drawn).map((row) => [names[row], drawn.counts[row * n + bin]] as const);
  const all = rows.reduce((sum, [, count]) => sum + count, 0);
  const parts = rows.filter(([, count]) => count > 0).sort(([, one], [, other]) => other - one);
  const named = parts.slice(0, MOST_NAMED).map(([name, count]) => `${name} ${formatCount(count)}`);
  const more = parts.length - named.length;
  const list = drawn.by.name === '' ? '' : ` (${named.join(', ')}${more > 0 ? `, ${more} more` : ''})`;
  return `${from} to ${to}: ${formatCounted(all, 'cell')}${all > 0 ? list : ''}`;
}

/** A line for each bin, and for each group. */
export function histogramColumns(drawn: DrawnHistogram): CsvColumn[] {
  const { edges, counts, by } = drawn;
  const n = edges.length - 1;
  const groups = groupsOf(drawn);
  const cells = groups.flatMap((row) => Array.from({ length: n }, (_, bin) => [row, bin] as const));
  return [
    ...(by.name === ''
      ? []
      : groupColumns(
          by,
          cells.map(([row]) => row),
        )),
    { header: 'from', texts: cells.map(([, bin]) => String(edges[bin])) },
    { header: 'to', texts: cells.map(([, bin]) => String(edges[bin + 1])) },
    { header: 'cells', texts: cells.map(([row, bin]) => String(counts[row * n + bin])) },
  ];
}
