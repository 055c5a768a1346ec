import { interpolateCividis, interpolateMagma, interpolateViridis } from 'd3-scale-chromatic';

/** Colour maps for numbers: even in lightness, and true to colour-blind eyes. */
export const SCHEMES = {
  viridis: interpolateViridis,
  cividis: interpolateCividis,
  magma: interpolateMagma,
} as const;
export type Scheme = keyof typeof SCHEMES;
export const SCHEME_NAMES = Object.keys(SCHEMES) as Scheme[];

/** Colours in one row of the table that the shader reads. */
export const LUT_WIDTH = 256;

/** Okabe and Ito's colours; their black, which no dark page shows, is a wine red. */
const OKABE_ITO = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442', '#882255'];
const GOLDEN_ANGLE = 137.50776;
// Neighbours in the list differ in lightness too, for eyes that do not tell their hues apart.
const LIGHTNESS = [0.7, 0.5, 0.84, 0.6];

/** `#rrggbb` for each of `count` categories: the bundle's where it has them. */
export function categoryColors(count: number, given: readonly string[] | null): string[] {
  if (given && given.length >= count) return given.slice(0, count);
  return Array.from({ length: count }, (_, index) => OKABE_ITO[index] ?? generated(index));
}

function generated(index: number): string {
  const hue = ((index * GOLDEN_ANGLE) % 360) * (Math.PI / 180);
  return oklch(LIGHTNESS[index % LIGHTNESS.length], 0.125, hue);
}

/** Björn Ottosson's Oklab, in which equal steps look equal; clipped to sRGB. */
function oklch(lightness: number, chroma: number, hue: number): string {
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return toHex([
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]);
}

function toHex(linear: readonly number[]): string {
  const bytes = linear.map((value) => {
    const clipped = Math.min(1, Math.max(0, value));
    const gamma = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
    return Math.round(255 * gamma);
  });
  return '#' + bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** `[r, g, b]`, 0 to 255, of `#rrggbb` or `rgb(r, g, b)`. */
export function parseColor(text: string): [number, number, number] {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (hex) return [parseInt(hex[1], 16), parseInt(hex[2], 16), parseInt(hex[3], 16)];
  const [red = 0, green = 0, blue = 0] = (text.match(/\d+/g) ?? []).map(Number);
  return [red, green, blue];
}

/** RGBA bytes, `LUT_WIDTH` colours a row: one row for numbers, as many as needed for categories. */
export function lookupTable(colors: readonly string[]): Uint8Array<ArrayBuffer> {
  const rows = Math.max(1, Math.ceil(colors.length / LUT_WIDTH));
  const table = new Uint8Array(rows * LUT_WIDTH * 4);
  colors.forEach((color, index) => table.set([...parseColor(color), 255], index * 4));
  return table;
}

export function schemeColors(scheme: Scheme): string[] {
  return Array.from({ length: LUT_WIDTH }, (_, step) => SCHEMES[scheme](step / (LUT_WIDTH - 1)));
}
