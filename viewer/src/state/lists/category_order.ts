import { naturalOrder } from './natural_order';

export const SORTS = {
  data: 'As in the data',
  name: 'By name',
  size: 'Most cells first',
  own: 'My own',
} as const;
export type Sort = keyof typeof SORTS;
export const SORT_NAMES = Object.keys(SORTS) as Sort[];

/** Longer lists have the data's order: nobody reads them in another, and sorting takes noticeable time. */
export const MOST_SORTED = 20_000;

interface Sorted {
  readonly sort: Sort;
  /** The data's names, and those that are shown. */
  readonly labels: readonly string[];
  readonly names: readonly string[];
  readonly counts: Uint32Array;
  /** Of the sort `own`: data's names. */
  readonly order: readonly string[];
}

/** The codes of categories in the order to list them; null for the stored order. */
export function sortCategories({ sort, labels, names, counts, order }: Sorted): Uint32Array | null {
  const natural = naturalOrder(labels);
  if (sort === 'data' || labels.length > MOST_SORTED) return natural;
  const codes = natural?.slice() ?? Uint32Array.from(labels, (_, code) => code);
  if (sort === 'size') return codes.sort((one, other) => counts[other] - counts[one]);
  if (sort === 'name') {
    const { compare } = new Intl.Collator('en', { numeric: true });
    return codes.sort((one, other) => compare(names[one], names[other]));
  }
  const places = new Map(order.map((label, at) => [label, at]));
  const placeOf = Float64Array.from(labels, (label) => places.get(label) ?? Infinity);
  return codes.sort((one, other) => (placeOf[one] === placeOf[other] ? 0 : placeOf[one] - placeOf[other]));
}

/** Moves an entry of a list to another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = list.toSpliced(from, 1);
  next.splice(to, 0, list[from]);
  return next;
}
