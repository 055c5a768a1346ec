import type { Floats } from '../../bytes/numbers';
import type { Section } from '../../bundle/tissue';
import { orderByValue, orderMissingFirst } from '../../state/colouring/order';
import type { Paint } from '../../state/colouring/paint';
import { weightOf } from '../../state/genes/blend';

/** The values that colour the cells of one section, and the order in which they are drawn. */
export interface PanelPaint {
  readonly kind: Paint['kind'];
  readonly values: Floats | null;
  readonly order: Uint32Array<ArrayBuffer> | null;
}

const PLAIN: PanelPaint = { kind: 'plain', values: null, order: null };

/** Cuts the paint of all cells into that of single sections, and keeps each, so that nothing is sent anew. */
export class PanelPaints {
  readonly #of = new WeakMap<object, Map<number, PanelPaint>>();
  readonly #masks = new WeakMap<object, Map<number, Uint8Array<ArrayBuffer>>>();

  /** Of a paint of all cells. */
  cut(paint: Paint, number: number, { start, end }: Section): PanelPaint {
    if (paint.kind === 'plain') return PLAIN;
    return kept(this.#of, paint, number, () => {
      const values = paint.values.subarray(start, end);
      return { kind: paint.kind, values, order: orderOf(paint, values) };
    });
  }

  /** Of the codes that come with the points. */
  codes(codes: Floats, number: number): PanelPaint {
    return kept(this.#of, codes, number, () => ({
      kind: 'category',
      values: codes,
      order: missingFirst(codes),
    }));
  }

  mask(mask: Uint8Array<ArrayBuffer> | null, number: number, { start, end }: Section) {
    return mask && kept(this.#masks, mask, number, () => mask.subarray(start, end));
  }
}

function kept<T>(all: WeakMap<object, Map<number, T>>, key: object, number: number, make: () => T): T {
  const known = all.get(key) ?? new Map<number, T>();
  all.set(key, known);
  const value = known.get(number) ?? make();
  known.set(number, value);
  return value;
}

function orderOf(paint: Exclude<Paint, { kind: 'plain' }>, values: Floats) {
  if (paint.kind === 'number') return orderByValue(values);
  return paint.kind === 'blend' ? orderByValue(values.map(weightOf)) : missingFirst(values);
}

function missingFirst(values: Floats) {
  let nMissing = 0;
  for (const value of values) if (Number.isNaN(value)) nMissing++;
  return nMissing > 0 ? orderMissingFirst(values, nMissing) : null;
}
