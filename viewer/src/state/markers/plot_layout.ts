import { formatTick } from '../texts/format';
import { colouredValues, extentOf, scaleGenes, type PlotGroups, type PlotValues } from './plot';

/** Pixels: a gene and a group meet in a square of this side. */
export const CELL = 20;
/** Of a dot that stands for the largest share. */
const RADIUS = 8.5;
const CHARACTER = 8.2;
const LONGEST_NAME = 26;
const LEGEND = { height: 50, width: 400, sizes: 4, step: 44, bar: 110 } as const;
const GAP = 8;

export interface PlotLabel {
  /** Number of the gene or group. */
  readonly index: number;
  readonly name: string;
  /** Centre of its column or row. */
  readonly at: number;
}
export interface PlotMark {
  readonly x: number;
  readonly y: number;
  /** Of a dot; null for a square of the heat map. */
  readonly radius: number | null;
  /** Place in the range of colours, from 0 to 1. */
  readonly share: number;
}
export interface SizeMark {
  readonly x: number;
  readonly radius: number;
  readonly text: string;
}

export interface PlotLayout {
  readonly width: number;
  readonly height: number;
  /** Corner of the first square. */
  readonly x: number;
  readonly y: number;
  readonly genes: readonly PlotLabel[];
  readonly groups: readonly PlotLabel[];
  readonly marks: readonly PlotMark[];
  /** Dots that say which share they stand for; none in a heat map. */
  readonly sizes: readonly SizeMark[];
  readonly bar: {
    readonly x: number;
    readonly width: number;
    readonly low: string;
    readonly high: string;
    readonly title: string;
  };
}

export interface PlotOptions {
  readonly isHeatMap: boolean;
  readonly isScaled: boolean;
  /** The groups from top to bottom. */
  readonly order: readonly number[];
}

/** Where everything of a dot plot or heat map lies: genes in columns, groups in rows. */
export function layOutPlot(
  plot: PlotValues,
  grouping: PlotGroups,
  names: readonly string[],
  { isHeatMap, isScaled, order }: PlotOptions,
): PlotLayout {
  const { nGroups } = plot;
  const geneNames = plot.genes.map((gene) => shorten(names[gene]));
  const groupNames = grouping.categories.map(shorten);
  const x = widthOf(groupNames) + GAP;
  const y = LEGEND.height + widthOf(geneNames) + GAP;
  const genes = plot.genes.map((index, column) => ({
    index,
    name: geneNames[column],
    at: x + (column + 0.5) * CELL,
  }));
  const groups = order.map((index, row) => ({ index, name: groupNames[index], at: y + (row + 0.5) * CELL }));

  const known = colouredValues(plot);
  const values = isScaled ? scaleGenes(known, nGroups) : known;
  const [least, high] = isScaled ? [0, 1] : extentOf(values);
  const low = Math.min(0, least);
  const largest = largestShare(extentOf(plot.shares)[1]);
  const marks: PlotMark[] = [];
  for (const [column, { at: atX }] of genes.entries()) {
    for (const { index, at: atY } of groups) {
      const cell = column * nGroups + index;
      const radius = RADIUS * Math.sqrt(plot.shares[cell] / largest);
      // NaN for a group without cells.
      if (Number.isNaN(values[cell]) || (!isHeatMap && !(radius > 0))) continue;
      const share = high > low ? (values[cell] - low) / (high - low) : 0;
      marks.push({ x: atX, y: atY, radius: isHeatMap ? null : radius, share });
    }
  }
  const sizes = isHeatMap ? [] : sizeMarks(largest);
  const barX = sizes.length > 0 ? GAP + LEGEND.sizes * LEGEND.step + 3 * GAP : GAP;
  return {
    width: Math.max(LEGEND.width, x + genes.length * CELL + GAP),
    height: y + groups.length * CELL + GAP,
    x,
    y,
    genes,
    groups,
    marks,
    sizes,
    bar: {
      x: barX,
      width: LEGEND.bar,
      low: formatTick(low).replace('-', '−'),
      high: formatTick(high).replace('-', '−'),
      title: barTitle(plot, isScaled),
    },
  };
}

function barTitle({ means }: PlotValues, isScaled: boolean): string {
  if (isScaled) return means ? 'Mean, 0–1 for each gene' : 'Share, 0–1 for each gene';
  return means ? 'Mean of all cells' : 'Share of cells that express it';
}

/** What lies at a point, as places in the lists of genes and groups. */
export function squareAt(
  { x, y, genes, groups }: PlotLayout,
  atX: number,
  atY: number,
): [number, number] | null {
  const column = Math.floor((atX - x) / CELL);
  const row = Math.floor((atY - y) / CELL);
  return column >= 0 && column < genes.length && row >= 0 && row < groups.length ? [column, row] : null;
}

/** The share of the largest dot: a tenth or more, rounded up to tenths. */
function largestShare(share: number): number {
  return Math.min(1, Math.max(0.1, Math.ceil(share * 10 - 1e-6) / 10));
}

function sizeMarks(largest: number): SizeMark[] {
  return Array.from({ length: LEGEND.sizes }, (_, at) => {
    const share = (largest * (at + 1)) / LEGEND.sizes;
    return {
      x: GAP + (at + 0.5) * LEGEND.step,
      radius: RADIUS * Math.sqrt(share / largest),
      text: `${Number((100 * share).toFixed(1))} %`,
    };
  });
}

function shorten(name: string): string {
  const letters = [...name];
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join('')}…` : name;
}

function widthOf(names: readonly string[]): number {
  return Math.max(2, ...names.map((name) => [...name].length)) * CHARACTER;
}
