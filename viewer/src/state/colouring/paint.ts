import { BOOL_LABELS, type ColumnInfo, type ColumnValues } from '../../bundle/bundle';
import type { Floats, Numbers } from '../../bytes/numbers';
import { orderByValue, orderMissingFirst } from './order';

/** The values that colour the cells, laid out for the graphics card. */
export type Paint = PlainPaint | CategoryPaint | NumberPaint | BlendPaint;

export interface PlainPaint {
  readonly kind: 'plain';
}

export interface CategoryPaint {
  readonly kind: 'category';
  /** Codes as float32; NaN is missing. */
  readonly values: Floats;
  /** Cells in drawing order; null for their own order. */
  readonly order: Uint32Array<ArrayBuffer> | null;
  readonly labels: readonly string[];
  readonly colors: readonly string[] | null;
  readonly counts: Uint32Array;
  readonly nMissing: number;
}

export interface NumberPaint {
  readonly kind: 'number';
  /** float32, minus `base`; NaN is missing. */
  readonly values: Floats;
  /** Subtracted in float64, so that values far from zero keep their differences. */
  readonly base: number;
  readonly order: Uint32Array<ArrayBuffer>;
  readonly nMissing: number;
  /**
   * Number of cells with the value 0, if that means that the gene is not expressed. They follow the missing ones in
   * `order`. Null if 0 is a value like any other: in columns of obs, and if there are negative values.
   */
  readonly nZero: number | null;
  /** Over finite values; null if there are none. */
  readonly extent: readonly [number, number] | null;
}

/** Two or three genes, each a channel of the colour. */
export interface BlendPaint {
  readonly kind: 'blend';
  /** Codes with a byte for each gene, as float32; NaN is missing. */
  readonly values: Floats;
  readonly order: Uint32Array<ArrayBuffer>;
  readonly nMissing: number;
  readonly genes: readonly {
    readonly name: string;
    readonly values: Floats;
    readonly extent: readonly [number, number];
  }[];
}

export function paintColumn(info: ColumnInfo, values: ColumnValues): Paint {
  if (values.kind === 'numbers') return paintNumbers(values.values);
  if (info.kind === 'category') return paintCodes(values, info.categories, info.colors);
  return paintCodes(values, BOOL_LABELS, null);
}

function paintCodes(
  { codes, missing }: Extract<ColumnValues, { kind: 'codes' }>,
  labels: readonly string[],
  colors: readonly string[] | null,
): CategoryPaint {
  const values = new Float32Array(codes.length);
  const counts = new Uint32Array(labels.length);
  let nMissing = 0;
  for (let cell = 0; cell < codes.length; cell++) {
    const code = codes[cell];
    if (code === missing || code >= labels.length) {
      values[cell] = NaN;
      nMissing++;
    } else {
      values[cell] = code;
      counts[code]++;
    }
  }
  const order = nMissing > 0 ? orderMissingFirst(values, nMissing) : null;
  return { kind: 'category', values, order, labels, colors, counts, nMissing };
}

export function paintNumbers(raw: Numbers): NumberPaint {
  const extent = finiteExtent(raw);
  // float32 values are drawn directly, without a copy.
  const base = raw instanceof Float32Array ? 0 : (extent?.[0] ?? 0);
  const values =
    raw instanceof Float32Array ? raw : Float32Array.from(raw as Float64Array, (value) => value - base);
  const order = orderByValue(values);
  let nMissing = 0;
  while (nMissing < order.length && Number.isNaN(values[order[nMissing]])) nMissing++;
  return { kind: 'number', values, base, order, nMissing, nZero: null, extent };
}

/** Colours by a gene: zeros are cells that do not express it, unless there are negative values (scaled data). */
export function paintGene(raw: Floats): NumberPaint {
  const paint = paintNumbers(raw);
  const { values, order, nMissing } = paint;
  if (nMissing < order.length && values[order[nMissing]] < 0) return paint;
  let end = nMissing;
  while (end < order.length && values[order[end]] === 0) end++;
  return { ...paint, nZero: end - nMissing };
}

function finiteExtent(values: Numbers): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (let cell = 0; cell < values.length; cell++) {
    const value = values[cell];
    if (value < low && value !== -Infinity) low = value;
    if (value > high && value !== Infinity) high = value;
  }
  return low <= high ? [low, high] : null;
}
