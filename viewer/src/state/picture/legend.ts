import type { CategoryPaint, NumberPaint } from '../colouring/paint';
import { formatTick } from '../texts/format';
import { naturalOrder } from '../lists/natural_order';
import { countShown } from '../lists/shown_counts';
import type { Session } from '../session';

/** A colour, or one that depends on the theme. */
export type Swatch = { readonly color: string } | 'zero' | 'missing';

export interface LegendRow {
  readonly text: string;
  readonly swatch: Swatch;
}

/** The legend of a picture. */
export interface PictureLegend {
  readonly title: string;
  /** Colours from low to high, and the labels at both ends. */
  readonly bar: { readonly colors: readonly string[]; readonly ends: readonly [string, string] } | null;
  /** Categories and other groups with a colour of their own. */
  readonly rows: readonly LegendRow[];
}

/** The legend of the shown cells, without categories that have no cell in the picture; null for a plain colour. */
export function pictureLegend(session: Session): PictureLegend | null {
  const { paint, label } = session.colouring.current.peek();
  if (paint.kind === 'plain') return null;
  const title = label;
  return paint.kind === 'category'
    ? { title, bar: null, rows: categoryRows(session, paint) }
    : { title, ...numberLegend(session, paint) };
}

function categoryRows({ filters, colouring }: Session, paint: CategoryPaint): LegendRow[] {
  const { counts, nMissing } = countShown(paint, filters.mask.peek());
  const colors = colouring.colors.peek();
  const order = naturalOrder(paint.labels);
  const rows: LegendRow[] = [];
  for (let row = 0; row < counts.length; row++) {
    const code = order?.[row] ?? row;
    if (counts[code] > 0) rows.push({ text: paint.labels[code], swatch: { color: colors[code] } });
  }
  const { by } = colouring.current.peek().by;
  if (nMissing > 0) rows.push({ text: by === 'groups' ? 'in no group' : 'missing', swatch: 'missing' });
  return rows;
}

function numberLegend({ colouring }: Session, { extent }: NumberPaint): Omit<PictureLegend, 'title'> {
  const rows: LegendRow[] = [];
  const { nZero, nMissing } = colouring.summary.peek() ?? { nZero: 0, nMissing: 0 };
  if (colouring.hasGreyZeros.peek() && nZero > 0) rows.push({ text: 'not expressed', swatch: 'zero' });
  if (nMissing > 0) rows.push({ text: 'missing', swatch: 'missing' });
  if (!extent) return { bar: null, rows };
  const [low, high] = colouring.range.peek();
  // Values beyond an end have the colour of that end.
  const ends: [string, string] = [
    `${extent[0] < low ? '≤ ' : ''}${formatTick(low)}`,
    `${extent[1] > high ? '≥ ' : ''}${formatTick(high)}`,
  ];
  return { bar: { colors: colouring.colors.peek(), ends }, rows };
}
