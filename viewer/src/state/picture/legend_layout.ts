import { formatCount } from '../texts/format';
import type { LegendRow, PictureLegend } from './legend';
import {
  MARGIN,
  ROW,
  SWATCH,
  TEXT,
  type PlacedBar,
  type PlacedSwatch,
  type PlacedText,
  type PlacedTile,
} from './placed';
import { placeBlend } from './blend_layout';
import { fit, type Measure } from './texts';

/** Positions are relative to the upper left of its area, to the right of the cells or below them. */
export interface PlacedLegend {
  readonly width: number;
  readonly height: number;
  /** Number of rows that are left out. */
  readonly nMore: number;
  readonly texts: readonly PlacedText[];
  readonly swatches: readonly PlacedSwatch[];
  readonly bars: readonly PlacedBar[];
  readonly tiles: readonly PlacedTile[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Below the title of the legend. */
const TOP = MARGIN + ROW;
const BAR_WIDTH = 180;
const LEAST_BAR = 60;
const BAR_HEIGHT = 12;
const INDENT = 20;
const GAP = 18;
/** A longer title is cut in any case. */
const MOST_MEASURED = 200;
/** Longest names, in pixels, tried in turn: shorter names are better than missing ones. */
const LONGEST_NAMES = [420, 340, 260, 200, 150] as const;
/** Longest names of an incomplete legend, and of one beside narrow cells. */
const [INCOMPLETE, NARROW] = [260, 150];
/** An incomplete legend takes no more than this share of the width of the cells. */
const PART = 0.4;
/** Next to narrower cells, names are cut short. */
const LEAST_WIDTH = 500;

/** Lays out a legend in columns, which together are no wider than the cells, and the number of the rows left out. */
export function layOutLegend(legend: PictureLegend, size: Size, measure: Measure): PlacedLegend {
  const plain = (text: string) => measure(text, TEXT, false);
  const perColumn = rowsWithin(legend, size.height);
  return place(legend, size, bestColumns(legend.rows, perColumn, size.width, plain), measure);
}

/** Lays out a legend below the cells, in as few lines as its columns allow. */
export function layOutLegendBelow(legend: PictureLegend, size: Size, measure: Measure): PlacedLegend {
  const room = size.width - MARGIN;
  const longest = Math.min(INCOMPLETE, room - INDENT - GAP);
  const widths = new Map<string, number>();
  const plain = (text: string) => {
    const known = widths.get(text) ?? measure(text, TEXT, false);
    widths.set(text, known);
    return known;
  };
  const make = (perColumn: number) => columnsOf(legend.rows, perColumn, room, longest, plain);
  const isWhole = ({ nMore, width }: Columns) => nMore === 0 && width <= room;
  let most = Math.min(rowsWithin(legend, size.height), Math.max(2, legend.rows.length));
  let made = make(most);
  for (let least = 1; least < most && isWhole(made);) {
    const middle = (least + most) >> 1;
    const fewer = make(middle);
    if (isWhole(fewer)) [most, made] = [middle, fewer];
    else least = middle + 1;
  }
  return place(legend, size, made, measure);
}

function rowsWithin(legend: PictureLegend, height: number): number {
  return Math.max(2, Math.floor((height - firstRow(legend) - MARGIN) / ROW));
}

function firstRow({ bar, blend }: PictureLegend): number {
  return TOP + placeBlend(blend ?? [], TOP).height + (bar ? BAR_HEIGHT + ROW + MARGIN / 2 : 0);
}

function place(legend: PictureLegend, size: Size, made: Columns, measure: Measure): PlacedLegend {
  const { title, bar, blend } = legend;
  const { columns, nMore, width: used } = made;
  const plain = (text: string) => measure(text, TEXT, false);
  const [top, first] = [TOP, firstRow(legend)];
  const mixed = placeBlend(blend ?? [], top);
  const barWidth = Math.max(LEAST_BAR, Math.min(BAR_WIDTH, size.width - 2 * MARGIN));
  const bold = (text: string) => measure(text, TEXT, true);
  // A name is cut only where there is no room for a wider legend.
  const named =
    Math.min(bold(title.slice(0, MOST_MEASURED)), LONGEST_NAMES[0], size.width * PART) + 2 * MARGIN;
  const width = Math.ceil(
    Math.max(
      MARGIN + used,
      named,
      blend ? BAR_WIDTH + 2 * MARGIN : bar ? barWidth + 2 * MARGIN : 0,
      MARGIN + INDENT + 100,
    ),
  );
  const texts: PlacedText[] = [];
  const swatches: PlacedSwatch[] = [];
  const write = (text: string, x: number, y: number, bold = false, align: PlacedText['align'] = 'left') =>
    texts.push({ text, x, y, size: TEXT, bold, align });
  const name = fit(title, width - 2 * MARGIN, bold);
  write(name, MARGIN, MARGIN + ROW / 2 - 2, true);
  if (bar) {
    write(bar.ends[0], MARGIN, top + BAR_HEIGHT + ROW / 2);
    if (bar.middle) write(bar.middle, MARGIN + barWidth / 2, top + BAR_HEIGHT + ROW / 2, false, 'center');
    write(bar.ends[1], MARGIN + barWidth, top + BAR_HEIGHT + ROW / 2, false, 'right');
  }
  for (const { text, y } of mixed.lines) write(fit(text, width - 2 * MARGIN, plain), MARGIN, y);
  const lineAt = (row: number) => first + (row + 0.5) * ROW;
  let x = MARGIN;
  for (const column of columns) {
    column.rows.forEach(({ text, swatch }, row) => {
      swatches.push({ swatch, x: x + SWATCH, y: lineAt(row) });
      write(text, x + INDENT, lineAt(row));
    });
    x += column.width;
  }
  const last = columns.at(-1);
  if (last && nMore > 0) write(moreText(nMore), x - last.width + INDENT, lineAt(last.rows.length));
  const nLines = columns.reduce((lines, { rows }, at) => {
    return Math.max(lines, rows.length + Number(nMore > 0 && at === columns.length - 1));
  }, 0);
  return {
    width,
    height: first + nLines * ROW + MARGIN,
    nMore,
    texts,
    swatches,
    tiles: mixed.tiles,
    bars: bar ? [{ x: MARGIN, y: top, width: barWidth, height: BAR_HEIGHT, colors: bar.colors }] : [],
  };
}

interface Columns {
  readonly columns: readonly { readonly rows: readonly LegendRow[]; readonly width: number }[];
  /** Number of rows that are not listed. */
  readonly nMore: number;
  readonly width: number;
}
type Plain = (text: string) => number;

/** All rows, with names as long as possible; if there is no room for all of them, some. */
function bestColumns(rows: readonly LegendRow[], perColumn: number, most: number, plain: Plain): Columns {
  for (const longest of LONGEST_NAMES) {
    const made = columnsOf(rows, perColumn, most, longest, plain);
    if (made.nMore === 0 && MARGIN + made.width <= most) return made;
  }
  return columnsOf(rows, perColumn, most * PART, most < LEAST_WIDTH ? NARROW : INCOMPLETE, plain);
}

/** Columns side by side, up to `most` pixels; if there is no room for all, the last row is left for the number. */
function columnsOf(
  rows: readonly LegendRow[],
  perColumn: number,
  most: number,
  longest: number,
  plain: Plain,
): Columns {
  const columns: { rows: LegendRow[]; width: number }[] = [];
  let used = 0;
  for (let at = 0; at < rows.length; at += perColumn) {
    const some = rows
      .slice(at, at + perColumn)
      .map(({ text, swatch }) => ({ text: fit(text, longest, plain), swatch }));
    const width = INDENT + some.reduce((widest, { text }) => Math.max(widest, plain(text)), 0) + GAP;
    if (columns.length > 0 && used + width > most) break;
    columns.push({ rows: some, width });
    used += width;
  }
  const listed = columns.reduce((sum, column) => sum + column.rows.length, 0);
  const last = columns.at(-1);
  if (!last || listed === rows.length) return { columns, nMore: 0, width: used };
  last.rows.pop();
  const nMore = rows.length - listed + 1;
  const wanted = INDENT + plain(moreText(nMore)) + GAP;
  return { columns, nMore, width: used + Math.max(0, wanted - last.width) };
}

const moreText = (count: number) => `and ${formatCount(count)} more`;
