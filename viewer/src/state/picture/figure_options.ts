/** Widths that most journals ask for, in millimetres. */
export const COLUMNS = { single: 85, middle: 120, double: 174 } as const;
export const SIZES = ['page', 'single', 'middle', 'double', 'own'] as const;
export const UNITS = ['mm', 'in', 'px'] as const;
export const BACKGROUNDS = ['white', 'dark', 'transparent'] as const;
export const FORMATS = ['svg', 'png'] as const;

/** The user's choices for figures: of the cells, and of plots. */
export interface FigureOptions {
  readonly format: (typeof FORMATS)[number];
  /** As on the page, the width of one of a journal's columns, or the numbers below. */
  readonly size: (typeof SIZES)[number];
  readonly width: number;
  /** 0 for a height that follows from the width. */
  readonly height: number;
  readonly unit: (typeof UNITS)[number];
  readonly dpi: number;
  /** Size of the letters, in points. */
  readonly text: number;
  readonly background: (typeof BACKGROUNDS)[number];
  /** Factor for the points, beside that of the page. */
  readonly points: number;
  readonly subtitle: boolean;
  readonly legend: boolean;
  readonly scaleBar: boolean;
  readonly axes: boolean;
  readonly labels: boolean;
}

export const FIRST_OPTIONS: FigureOptions = {
  format: 'png',
  size: 'page',
  width: 85,
  height: 0,
  unit: 'mm',
  dpi: 300,
  text: 7,
  background: 'white',
  points: 1,
  subtitle: true,
  legend: true,
  scaleBar: true,
  axes: false,
  labels: true,
};

/** Least and greatest values; journals print no letters below five points. */
export const LIMITS = {
  dpi: [36, 2400],
  text: [5, 24],
  points: [0.1, 10],
  width: [0.1, 20_000],
  height: [0, 20_000],
} as const;

const CHOICES = { format: FORMATS, size: SIZES, unit: UNITS, background: BACKGROUNDS } as const;

/** Choices that somebody stored: those that make sense, and the first ones otherwise. */
export function readOptions(stored: unknown): FigureOptions {
  const given = (typeof stored === 'object' && stored !== null ? stored : {}) as Record<string, unknown>;
  const isFit = ([key, first]: [string, unknown]) => {
    const value = given[key];
    if (key in CHOICES) return (CHOICES[key as keyof typeof CHOICES] as readonly unknown[]).includes(value);
    if (typeof value !== 'number') return typeof value === typeof first;
    const [low, high] = LIMITS[key as keyof typeof LIMITS] ?? [1, 0];
    return value >= low && value <= high;
  };
  return Object.fromEntries(
    Object.entries(FIRST_OPTIONS).map((each) => [each[0], isFit(each) ? given[each[0]] : each[1]]),
  ) as unknown as FigureOptions;
}

export const POINTS_PER_MM = 72 / 25.4;
/** Points per pixel of the page: browsers show 96 pixels as an inch. */
export const POINTS_PER_PIXEL = 72 / 96;

/** Width and height in points; null for a size that follows from the page, and for a height that follows from the width. */
export function pointsOf({ size, width, height, unit, dpi }: FigureOptions): [number | null, number | null] {
  if (size === 'page') return [null, null];
  if (size !== 'own') return [COLUMNS[size] * POINTS_PER_MM, null];
  const each = { mm: POINTS_PER_MM, in: 72, px: 72 / dpi }[unit];
  return [width * each, height > 0 ? height * each : null];
}
