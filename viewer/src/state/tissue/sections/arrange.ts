import type { Sections } from '../../../bundle/tissue';

/** 1, 2, 10. */
const naturally = new Intl.Collator('en', { numeric: true });

export type FactValue = string | number | boolean | null;

/** By what sections are sorted: their names, their numbers of cells, or a column of their metadata. */
export interface SectionSort {
  readonly by: 'name' | 'cells' | number;
  readonly isReversed: boolean;
}

/** What is wanted of the sections. */
export interface Wanted {
  readonly sort: SectionSort;
  /** By column of the metadata, the values that are shown; columns without a choice are absent. */
  readonly chosen: ReadonlyMap<number, ReadonlySet<FactValue>>;
  readonly search: string;
}

/** The numbers of the wanted sections, in the wanted order. */
export function arrange({ items, metadata }: Sections, { sort, chosen, search }: Wanted): readonly number[] {
  const letters = search.trim().toLowerCase();
  const shown = [...items.keys()].filter(
    (section) =>
      nameOf(items[section].name).toLowerCase().includes(letters) &&
      [...chosen].every(([column, values]) => values.has(metadata[column].values[section])),
  );
  const compare = comparison({ items, metadata }, sort.by);
  const sign = sort.isReversed ? -1 : 1;
  // Equal ones keep the order of their names.
  return compare
    ? shown.sort((a, b) => sign * compare(a, b) || a - b)
    : sort.isReversed
      ? shown.reverse()
      : shown;
}

/** The name to show. */
export function nameOf(name: string | null): string {
  return name ?? 'no section';
}

/** The value to show. */
export function factText(value: FactValue): string {
  if (value === null) return 'no value';
  return typeof value === 'number' ? String(value).replace('-', '−') : String(value);
}

/** The distinct values of a column of the metadata in natural order, those without one last. */
export function valuesOf({ values }: Sections['metadata'][number]): readonly FactValue[] {
  return [...new Set(values)].sort(compareValues);
}

type Compare = (one: number, other: number) => number;

/** Null for the order of the bundle, which is that of the names. */
function comparison(
  { items, metadata }: Pick<Sections, 'items' | 'metadata'>,
  by: SectionSort['by'],
): Compare | null {
  if (by === 'name') return null;
  if (by === 'cells') {
    const sizes = items.map(({ start, end }) => end - start);
    return (one, other) => sizes[other] - sizes[one];
  }
  const values = metadata[by]?.values ?? [];
  return (one, other) => compareValues(values[one], values[other]);
}

function compareValues(one: FactValue, other: FactValue): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  if (typeof one === 'string' && typeof other === 'string') return naturally.compare(one, other);
  return Number(one) - Number(other) || naturally.compare(String(one), String(other));
}
