import type { PictureLegend } from './legend';
import { layOutLegend, layOutLegendBelow, type PlacedLegend } from './legend_layout';
import type { Measure } from './texts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Legends to the right of the cells, one over the other; null for none. */
export function legendsBeside(
  legends: readonly PictureLegend[],
  { width, height }: Size,
  measure: Measure,
): PlacedLegend | null {
  const room = { width, height: height / Math.max(1, legends.length) };
  return stacked(legends.map((each) => layOutLegend(each, room, measure)));
}

/** Legends below the cells; null for none. */
export function legendsBelow(
  legends: readonly PictureLegend[],
  { width, height }: Size,
  measure: Measure,
): PlacedLegend | null {
  const room = { width, height: height / Math.max(1, legends.length) };
  return stacked(legends.map((each) => layOutLegendBelow(each, room, measure)));
}

function stacked(placed: readonly PlacedLegend[]): PlacedLegend | null {
  if (placed.length === 0) return null;
  return placed.reduce((above, below) => {
    const moved = <T extends { readonly y: number }>(each: T): T => ({ ...each, y: each.y + above.height });
    return {
      width: Math.max(above.width, below.width),
      height: above.height + below.height,
      nMore: above.nMore + below.nMore,
      texts: [...above.texts, ...below.texts.map(moved)],
      swatches: [...above.swatches, ...below.swatches.map(moved)],
      tiles: [...above.tiles, ...below.tiles.map(moved)],
      bars: [...above.bars, ...below.bars.map(moved)],
    };
  });
}
