import type { DrawnViolins, Order } from './violin_plot';
import type { Violin } from './violins';

/** A category with its parts. */
export interface Category {
  readonly code: number;
  readonly name: string;
  readonly parts: readonly Violin[];
}

/** The categories in the order in which to draw them. */
export function arrange({ by, numbers }: DrawnViolins, order: Order): Category[] {
  const byCode = new Map<number, Violin[]>();
  for (const violin of numbers.all) {
    const parts = byCode.get(violin.by);
    if (parts) parts.push(violin);
    else byCode.set(violin.by, [violin]);
  }
  const placeOf = new Map(by.order && [...by.order].map((code, place) => [code, place]));
  const inOrder = [...byCode].sort(
    ([one], [other]) => (placeOf.get(one) ?? one) - (placeOf.get(other) ?? other),
  );
  const all = inOrder.map(([code, parts]) => ({ code, name: by.labels[code] ?? String(code), parts }));
  switch (order) {
    case 'data':
      return all;
    case 'name': {
      const { compare } = new Intl.Collator('en', { numeric: true });
      return all.sort((one, other) => compare(one.name, other.name));
    }
    case 'size':
      return all.sort((one, other) => sizeOf(other) - sizeOf(one));
    case 'median':
      return all.sort((one, other) => medianOf(other) - medianOf(one));
  }
}

function sizeOf({ parts }: Category): number {
  return parts.reduce((sum, { nCells }) => sum + nCells, 0);
}

/** Of parts, the mean of their medians, weighted by their cells. Categories without values come last. */
function medianOf({ parts }: Category): number {
  const drawn = parts.filter(({ box }) => box !== null);
  const n = drawn.reduce((sum, part) => sum + part.n, 0);
  if (n === 0) return -Number.MAX_VALUE;
  return drawn.reduce((sum, { n: own, box }) => sum + (own / n) * box!.median, 0);
}
