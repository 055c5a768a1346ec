import type { PictureLegend } from './legend';
import { MARGIN, ROW, type PlacedTile } from './placed';

const SIDE = 96;
const N_TILES = 16;
const BAR = { width: 180, height: 8 };

interface PlacedBlend {
  readonly height: number;
  readonly tiles: readonly PlacedTile[];
  readonly lines: readonly { readonly text: string; readonly y: number }[];
}

/** Lays out the colours of blended genes from `top` on: a square for two, and a bar for each of three. */
export function placeBlend(genes: NonNullable<PictureLegend['blend']>, top: number): PlacedBlend {
  const texts = genes.map(({ name, ends: [low, high] }) => `${name} ${low} to ${high}`);
  if (genes.length === 2) {
    const square = top + ROW;
    const lines = [
      { text: `↑ ${texts[1]}`, y: top + ROW / 2 },
      { text: `→ ${texts[0]}`, y: square + SIDE + ROW / 2 },
    ];
    const side = SIDE / N_TILES;
    const tiles = Array.from({ length: N_TILES ** 2 }, (_, at) => {
      const [column, row] = [at % N_TILES, Math.floor(at / N_TILES)];
      const shares = [column, row].map((step) => step / (N_TILES - 1));
      return {
        x: MARGIN + column * side,
        y: square + SIDE - (row + 1) * side,
        width: side,
        height: side,
        shares,
      };
    });
    return { height: SIDE + 2 * ROW + MARGIN / 2, tiles, lines };
  }
  const each = ROW + BAR.height + MARGIN / 4;
  const tiles = genes.flatMap((_, gene) =>
    Array.from({ length: N_TILES }, (_, step) => ({
      x: MARGIN + (step * BAR.width) / N_TILES,
      y: top + gene * each + ROW,
      width: BAR.width / N_TILES,
      height: BAR.height,
      shares: genes.map((_, other) => (other === gene ? step / (N_TILES - 1) : 0)),
    })),
  );
  const lines = texts.map((text, gene) => ({ text, y: top + gene * each + ROW / 2 }));
  return { height: genes.length > 0 ? genes.length * each + MARGIN / 2 : 0, tiles, lines };
}
