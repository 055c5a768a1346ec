/** Drawn in place of an invalid colour. */
const NO_COLOR = '#808080';
/** Colour names of matplotlib, such as `tab:blue`; `C0` is the first of them. */
const TABLEAU = new Map([
  ['blue', '#1f77b4'],
  ['orange', '#ff7f0e'],
  ['green', '#2ca02c'],
  ['red', '#d62728'],
  ['purple', '#9467bd'],
  ['brown', '#8c564b'],
  ['pink', '#e377c2'],
  ['gray', '#7f7f7f'],
  ['olive', '#bcbd22'],
  ['cyan', '#17becf'],
]);
const CYCLE = [...TABLEAU.values()];
const LETTERS: Readonly<Record<string, string>> = {
  b: '#0000ff',
  g: '#008000',
  r: '#ff0000',
  c: '#00bfbf',
  m: '#bf00bf',
  y: '#bfbf00',
  k: '#000000',
  w: '#ffffff',
};

/** Looks up a CSS colour name; null if there is no such name. */
export type Named = (name: string) => string | null;

/**
 * Colours of categories as `#rrggbb`, from anything that matplotlib accepts; grey for an invalid colour, and null
 * if all are invalid.
 */
export function colorsOf(
  stored: readonly (string | readonly number[] | null)[],
  named: Named = cssColor,
): string[] | null {
  const found = stored.map((value) =>
    value === null ? null : typeof value === 'string' ? ofText(value, named) : ofNumbers(value),
  );
  return found.some((color) => color !== null) ? found.map((color) => color ?? NO_COLOR) : null;
}

function ofText(text: string, named: Named): string | null {
  if (Object.hasOwn(LETTERS, text)) return LETTERS[text];
  const cycled = /^C(\d{1,9})$/.exec(text);
  if (cycled) return CYCLE[Number(cycled[1]) % CYCLE.length];
  const lower = text.toLowerCase();
  const long = /^(#[0-9a-f]{6})([0-9a-f]{2})?$/.exec(lower);
  if (long) return long[1];
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])[0-9a-f]?$/.exec(lower);
  if (short) return `#${[1, 2, 3].map((at) => short[at].repeat(2)).join('')}`;
  if (lower.startsWith('tab:')) return TABLEAU.get(lower.slice(4).replace('grey', 'gray')) ?? null;
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(lower)) return ofGrey(Number(lower));
  return /^[a-z]+$/.test(lower) ? named(lower) : null;
}

function ofGrey(share: number): string | null {
  return share >= 0 && share <= 1 ? ofNumbers([share, share, share]) : null;
}

/** Fractions of 1, or whole numbers up to 255. */
function ofNumbers(values: readonly number[]): string | null {
  if (values.length !== 3 && values.length !== 4) return null;
  if (!values.every((value) => value >= 0 && value <= 255)) return null;
  const whole = values.some((value) => value > 1);
  if (whole && !values.every(Number.isInteger)) return null;
  const bytes = values.slice(0, 3).map((value) => (whole ? value : halfToEven(255 * value)));
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function halfToEven(value: number): number {
  const low = Math.floor(value);
  return value - low === 0.5 ? low + (low % 2) : Math.round(value);
}

let pen: CanvasRenderingContext2D | null = null;

/** A CSS colour, parsed by the browser. */
function cssColor(name: string): string | null {
  if (typeof document === 'undefined') return null;
  pen ??= document.createElement('canvas').getContext('2d');
  if (!pen || name === 'currentcolor') return null;
  // An invalid colour leaves the property unchanged.
  const [one, other] = ['#000000', '#ffffff'].map((before) => {
    pen!.fillStyle = before;
    pen!.fillStyle = name;
    return pen!.fillStyle;
  });
  return one === other && /^#[0-9a-f]{6}$/.test(one) ? one : null;
}
