/** `[r, g, b]`, 0 to 255, of `#rrggbb` or `rgb(r, g, b)`. */
export function parseColor(text: string): [number, number, number] {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (hex) return [parseInt(hex[1], 16), parseInt(hex[2], 16), parseInt(hex[3], 16)];
  const [red = 0, green = 0, blue = 0] = (text.match(/\d+/g) ?? []).map(Number);
  return [red, green, blue];
}

/** `#rrggbb`, which all programs for drawings read. */
export function hex(color: readonly number[]): string {
  return `#${color.map((byte) => Math.round(byte).toString(16).padStart(2, '0')).join('')}`;
}

/** `#rrggbb` of a colour. */
export function toHex(color: string): string {
  return hex(parseColor(color));
}

/** Relative luminance of WCAG 2, from 0 for black to 1 for white. */
export function luminance(color: string): number {
  const [red, green, blue] = parseColor(color).map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of WCAG 2, from 1 for the same luminance to 21 for black on white. */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** With less contrast a colour is hardly visible. */
const FAINT = 1.2;

/** Categories whose colour is hardly visible on a background. */
export function findFaint(colors: readonly string[], ground: string): ReadonlySet<number> {
  // A million categories share a few dozen colours.
  const faint = new Set([...new Set(colors)].filter((color) => contrast(color, ground) < FAINT));
  const found = new Set<number>();
  if (faint.size > 0) colors.forEach((color, code) => faint.has(color) && found.add(code));
  return found;
}
