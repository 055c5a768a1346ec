import { luminance, parseColor } from './contrast';

/** Colours in one row of the table that the shader reads. */
export const LUT_WIDTH = 256;

/**
 * For categories without colours in the file: first six of Okabe and Ito's, then colours that
 * `build/choose_palette.py` found to differ most. One table for both themes, so that a category keeps its
 * colour: each has a contrast of 2 or more with the light stage, and of 2.6 with the dark one, on which small
 * points look dim. The smallest differences (CIEDE2000) are 17.5 among the first 8, 16 among 20, 14.7 among
 * 40; with deuteranopia 12.5 among the first 10.
 */
// prettier-ignore
export const CATEGORY_COLORS: readonly string[] = [
  '#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#806078', '#f89090',
  '#007048', '#905008', '#8010ff', '#808800', '#a8a0f0', '#d00008', '#788098', '#90b0a0',
  '#ff1870', '#08c0c8', '#a838a0', '#c0a090', '#905048', '#b8a868', '#289800', '#5858b0',
  '#0890a8', '#9868f0', '#f880ff', '#306868', '#10c860', '#ff4840', '#808868', '#706030',
  '#b03060', '#a07810', '#b0a0b8', '#90b820', '#f89060', '#5888ff', '#a87878', '#f808c8',
];
/** With more categories than this, the colours repeat in the same order. */
export const N_COLORS = CATEGORY_COLORS.length;

/**
 * `#rrggbb` for each of `counts.length` categories: the bundle's, if it has some. Of ours, the category
 * with the most cells gets neither the lightest nor the darkest, which have the least contrast in the light and
 * the dark theme: it swaps colours with the first that has neither.
 */
export function categoryColors(counts: Uint32Array, given: readonly string[] | null): string[] {
  if (given && given.length >= counts.length) return given.slice(0, counts.length);
  const colors = Array.from(counts, (_, code) => CATEGORY_COLORS[code % N_COLORS]);
  const largest = counts.indexOf(counts.reduce((most, count) => Math.max(most, count), 0));
  const used = [...new Set(colors)].sort((one, other) => luminance(one) - luminance(other));
  const pale = used.length > 2 ? [used[0], used.at(-1)] : used.slice(1);
  if (!pale.includes(colors[largest])) return colors;
  const other = colors.findIndex((color) => !pale.includes(color));
  [colors[largest], colors[other]] = [colors[other], colors[largest]];
  return colors;
}

/** RGBA bytes, `LUT_WIDTH` colours per row: one row for numbers, as many as needed for categories. */
export function lookupTable(colors: readonly string[]): Uint8Array<ArrayBuffer> {
  const rows = Math.max(1, Math.ceil(colors.length / LUT_WIDTH));
  const table = new Uint8Array(rows * LUT_WIDTH * 4);
  // A million categories share a few dozen colours.
  const known = new Map<string, readonly number[]>();
  colors.forEach((color, index) => {
    let rgb = known.get(color);
    if (!rgb) known.set(color, (rgb = parseColor(color)));
    [table[4 * index], table[4 * index + 1], table[4 * index + 2]] = rgb;
    table[4 * index + 3] = 255;
  });
  return table;
}
