import type { PictureLegend } from './legend';
import type { PlacedLegend } from './legend_layout';
import { legendsBelow, legendsBeside } from './legends';
import {
  MARGIN,
  ROW,
  TEXT,
  type Box,
  type PlacedBar,
  type PlacedSwatch,
  type PlacedText,
  type PlacedTile,
} from './placed';
import { wrap, type Measure } from './texts';

const TITLE = 18;
const TITLE_LINE = 24;
const MOST_TITLE_LINES = 3;
const MOST_SUBTITLE_LINES = 2;
/** A legend beside the cells of a figure takes no more than this share of its width; a wider one is below them. */
const BESIDE = 0.42;
/** A legend below the cells takes no more than this share of a height that was chosen. */
const BELOW = 0.5;
/** Nor is it longer than so many times the width, if the height follows. */
const LONGEST = 2;
const LEAST_CELLS = 40;

/** The positions of all parts of a picture, in CSS pixels from its upper left. */
export interface PictureLayout {
  readonly width: number;
  readonly height: number;
  /** The box of the cells. */
  readonly cells: Box;
  readonly texts: readonly PlacedText[];
  readonly swatches: readonly PlacedSwatch[];
  readonly bars: readonly PlacedBar[];
  readonly tiles: readonly PlacedTile[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface PictureParts {
  readonly title: string;
  readonly subtitle: string;
  /** One, or one for each side of a curtain. */
  readonly legends: readonly PictureLegend[];
  /** The size of the cells on the page. */
  readonly size: Size;
}

/** Lays out a title and a line below it, then the cells in the size of the page, with the legend to their right. */
export function layOut({ title, subtitle, legends, size }: PictureParts, measure: Measure): PictureLayout {
  const right = legendsBeside(legends, size, measure);
  const width = size.width + (right ? right.width : 0);
  const { texts, top } = heading(title, subtitle, width, measure);
  const cells = { x: 0, y: top, ...size };
  return assemble({ width, height: top + size.height }, cells, texts, right, { x: size.width, y: top });
}

/**
 * Lays out a picture of a certain width, with the legend beside the cells or, if that leaves them too little room, below
 * them. A height of null follows: all of the legend has room, and cells the proportions of the page.
 */
export function layOutIn(
  { title, subtitle, legends, size }: PictureParts,
  { width, height }: { readonly width: number; readonly height: number | null },
  measure: Measure,
): PictureLayout {
  const { texts, top } = heading(title, subtitle, width, measure);
  const proportion = size.height / Math.max(1, size.width);
  const rest = height === null ? null : Math.max(LEAST_CELLS, height - top);
  const done = (cells: Size, total: number, placed: PlacedLegend | null, at: { x: number; y: number }) =>
    assemble({ width, height: total }, { x: 0, y: top, ...cells }, texts, placed, at);
  const tall = (cellsWidth: number) => rest ?? cellsWidth * proportion;
  if (legends.length === 0)
    return done({ width, height: tall(width) }, top + tall(width), null, { x: 0, y: 0 });
  // Beside them there is as much room as the cells have there.
  const room = { width: width * BESIDE, height: tall(width * (1 - BESIDE)) };
  const beside = legendsBeside(legends, room, measure);
  if (beside?.nMore === 0 && beside.width <= room.width && beside.height <= room.height) {
    const cells = { width: width - beside.width, height: tall(width - beside.width) };
    return done(cells, top + cells.height, beside, { x: cells.width, y: top });
  }
  const most = rest === null ? width * LONGEST : rest * BELOW;
  const below = legendsBelow(legends, { width, height: most }, measure)!;
  const cells = {
    width,
    height: rest === null ? tall(width) : Math.max(LEAST_CELLS, rest - below.height),
  };
  return done(cells, top + cells.height + below.height, below, { x: 0, y: top + cells.height });
}

/** The lines above the cells, and where these begin: at the edge, if there are none. */
function heading(title: string, subtitle: string, width: number, measure: Measure) {
  const texts: PlacedText[] = [];
  let top = MARGIN;
  const wide = (text: string) => measure(text, TITLE, true);
  for (const text of wrap(title, width - 2 * MARGIN, MOST_TITLE_LINES, wide)) {
    texts.push({ text, x: MARGIN, y: top + TITLE_LINE / 2, size: TITLE, bold: true, align: 'left' });
    top += TITLE_LINE;
  }
  const plain = (text: string) => measure(text, TEXT, false);
  for (const text of wrap(subtitle, width - 2 * MARGIN, MOST_SUBTITLE_LINES, plain)) {
    texts.push({ text, x: MARGIN, y: top + ROW / 2, size: TEXT, bold: false, align: 'left' });
    top += ROW;
  }
  return { texts, top: texts.length > 0 ? top + MARGIN / 2 : 0 };
}

function assemble(
  size: Size,
  cells: Box,
  texts: readonly PlacedText[],
  legend: PlacedLegend | null,
  { x, y }: { readonly x: number; readonly y: number },
): PictureLayout {
  const moved = <T extends { x: number; y: number }>(each: T): T => ({
    ...each,
    x: each.x + x,
    y: each.y + y,
  });
  return {
    ...size,
    cells,
    texts: [...texts, ...(legend?.texts.map(moved) ?? [])],
    swatches: legend?.swatches.map(moved) ?? [],
    bars: legend?.bars.map(moved) ?? [],
    tiles: legend?.tiles.map(moved) ?? [],
  };
}
