import type { BlendPaint, CategoryPaint, NumberPaint } from '../colouring/paint';
import { combinationName, cornerOf } from '../genes/blend';
import { SCALES } from '../colouring/scale';
import { formatTick } from '../texts/format';
import { countShown } from '../lists/shown_counts';
import type { Range } from '../colouring/colouring';
import type { Session } from '../session';

/** A colour, or one that depends on the theme. */
export type Swatch =
  | { readonly color: string }
  /** A mixture with shares of blended genes. */
  | { readonly shares: readonly number[] }
  | 'zero'
  | 'missing';

export interface LegendRow {
  readonly text: string;
  readonly swatch: Swatch;
}

/** The legend of a picture. */
export interface PictureLegend {
  readonly title: string;
  /** Colours from low to high, and the labels at both ends; one in the middle, if it says more than they do. */
  readonly bar: {
    readonly colors: readonly string[];
    readonly ends: readonly [string, string];
    readonly middle?: string | null;
  } | null;
  /** Blended genes, with the ends of their ranges. */
  readonly blend?: readonly { readonly name: string; readonly ends: readonly [string, string] }[];
  /** Categories and other groups with a colour of their own. */
  readonly rows: readonly LegendRow[];
}

/** Cells that are shown, and how they are coloured. */
type Coloured = Pick<Session, 'drawn' | 'colouring'>;

/** The legend of the shown cells, without categories that have no cell in the picture; null for a plain colour. */
export function pictureLegend(session: Coloured): PictureLegend | null {
  const { paint, label } = session.colouring.current.peek();
  if (paint.kind === 'plain') return null;
  const { scale } = session.colouring;
  const isScaled = paint.kind === 'number' && scale.peek() !== 'linear';
  const title = isScaled ? `${label} (${SCALES[scale.peek()].label.toLowerCase()} scale)` : label;
  if (paint.kind === 'blend') return { title, bar: null, ...blendLegend(session, paint) };
  return paint.kind === 'category'
    ? { title, bar: null, rows: categoryRows(session, paint) }
    : { title, ...numberLegend(session, paint) };
}

function categoryRows({ drawn, colouring }: Coloured, paint: CategoryPaint): LegendRow[] {
  const { counts, nMissing } = countShown(paint, drawn.mask.peek());
  const colors = colouring.colors.peek();
  const names = colouring.labels.peek();
  const { by } = colouring.current.peek();
  const order = by.by === 'column' ? colouring.categories.orderOf(by.index, paint.counts) : null;
  const rows: LegendRow[] = [];
  for (let row = 0; row < counts.length; row++) {
    const code = order?.[row] ?? row;
    if (counts[code] > 0) rows.push({ text: names[code], swatch: { color: colors[code] } });
  }
  if (nMissing > 0) rows.push({ text: by.by === 'groups' ? 'in no group' : 'missing', swatch: 'missing' });
  return rows;
}

function numberLegend({ colouring }: Coloured, { extent }: NumberPaint): Omit<PictureLegend, 'title'> {
  const rows: LegendRow[] = [];
  const { nZero, nMissing } = colouring.summary.peek() ?? { nZero: 0, nMissing: 0 };
  const zeroName = colouring.zeroName.peek();
  if (zeroName !== null && nZero > 0) rows.push({ text: zeroName, swatch: 'zero' });
  if (nMissing > 0) rows.push({ text: 'missing', swatch: 'missing' });
  if (!extent) return { bar: null, rows };
  const [low, high] = colouring.range.peek();
  const scale = colouring.scale.peek();
  const { to, from } = SCALES[scale];
  const middle =
    scale === 'linear' && colouring.middle.peek() === null ? null : from((to(low) + to(high)) / 2);
  const bar = {
    colors: colouring.colors.peek(),
    ends: endsOf(extent, [low, high]),
    middle: middle === null ? null : formatTick(middle),
  };
  return { bar, rows };
}

/** Values beyond an end have the colour of that end. */
function endsOf(extent: Range, [low, high]: Range): [string, string] {
  return [
    `${extent[0] < low ? '≤ ' : ''}${formatTick(low)}`,
    `${extent[1] > high ? '≥ ' : ''}${formatTick(high)}`,
  ];
}

function blendLegend({ colouring }: Coloured, { genes }: BlendPaint): Omit<PictureLegend, 'title' | 'bar'> {
  const { counts, nMissing } = colouring.combinations.peek() ?? { counts: [], nMissing: 0 };
  const ranges = colouring.blendRanges.peek();
  const names = genes.map(({ name }) => name);
  const rows: LegendRow[] = [];
  counts.forEach((count, bits) => {
    if (count > 0)
      rows.push({ text: combinationName(bits, names), swatch: { shares: cornerOf(bits, names.length) } });
  });
  if (nMissing > 0) rows.push({ text: 'missing', swatch: 'missing' });
  const blend = genes.map(({ name, extent }, gene) => ({ name, ends: endsOf(extent, ranges[gene]) }));
  return { blend, rows };
}
