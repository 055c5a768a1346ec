import type { PictureLegend } from './legend';
import { layOutLegend } from './legend_layout';
import { MARGIN, ROW, TEXT, type Box, type PlacedSwatch, type PlacedText, type PlacedTile } from './placed';
import { wrap, type Measure } from './texts';

const TITLE = 18;
const TITLE_LINE = 24;
const MOST_TITLE_LINES = 3;
const MOST_SUBTITLE_LINES = 2;

/** The positions of all parts of a picture, in CSS pixels from its upper left. */
export interface PictureLayout {
  readonly width: number;
  readonly height: number;
  /** The box of the cells. */
  readonly cells: Box;
  readonly texts: readonly PlacedText[];
  readonly swatches: readonly PlacedSwatch[];
  readonly bar: Box | null;
  readonly tiles: readonly PlacedTile[];
}

export interface PictureParts {
  readonly title: string;
  readonly subtitle: string;
  readonly legend: PictureLegend | null;
  /** The size of the cells on the page. */
  readonly size: { readonly width: number; readonly height: number };
}

/** Lays out a title and a line below it, then the cells with the legend to their right. */
export function layOut({ title, subtitle, legend, size }: PictureParts, measure: Measure): PictureLayout {
  const right = legend && layOutLegend(legend, size, measure);
  const width = size.width + (right ? right.width : 0);
  const wide = (text: string) => measure(text, TITLE, true);
  const texts: PlacedText[] = [];
  let top = MARGIN;
  for (const line of wrap(title, width - 2 * MARGIN, MOST_TITLE_LINES, wide)) {
    texts.push({ text: line, x: MARGIN, y: top + TITLE_LINE / 2, size: TITLE, bold: true, align: 'left' });
    top += TITLE_LINE;
  }
  if (subtitle !== '') {
    const plain = (text: string) => measure(text, TEXT, false);
    for (const text of wrap(subtitle, width - 2 * MARGIN, MOST_SUBTITLE_LINES, plain)) {
      texts.push({ text, x: MARGIN, y: top + ROW / 2, size: TEXT, bold: false, align: 'left' });
      top += ROW;
    }
  }
  // Without a title the cells begin at the edge.
  top = texts.length > 0 ? top + MARGIN / 2 : 0;
  const cells = { x: 0, y: top, width: size.width, height: size.height };
  const moved = <T extends { x: number; y: number }>(each: T): T => ({
    ...each,
    x: each.x + size.width,
    y: each.y + top,
  });
  return {
    width,
    height: top + size.height,
    cells,
    texts: [...texts, ...(right?.texts.map(moved) ?? [])],
    swatches: right?.swatches.map(moved) ?? [],
    tiles: right?.tiles.map(moved) ?? [],
    bar: right?.bar ? moved(right.bar) : null,
  };
}
