import { columnKey, geneKey, type Filter, type Key, type RangeFilter } from '../../../state/filters/filter';
import type { Session } from '../../../state/session';

/** What is being filtered by. */
export type Subject =
  | { readonly kind: 'column'; readonly column: number }
  | { readonly kind: 'gene'; readonly gene: number; readonly name: string };

export function keyOfSubject(subject: Subject): Key {
  return subject.kind === 'gene' ? geneKey(subject.gene) : columnKey(subject.column);
}

/** What to open to change a filter; null if it can only be switched and removed. */
export function subjectOf(filter: Filter): Subject | null {
  if (filter.kind === 'cells') return null;
  if (filter.kind === 'gene') return { kind: 'gene', gene: filter.gene, name: filter.name };
  return { kind: 'column', column: filter.column };
}

/** The filter of some numbers; one that hides nothing if there is none. */
export function rangeFilterOf({ filters }: Session, subject: Subject): RangeFilter {
  const filter = filters.get(keyOfSubject(subject));
  if (filter && 'low' in filter) return filter;
  const open = { low: null, high: null, withMissing: true, isOn: true };
  if (subject.kind === 'column') return { kind: 'number', column: subject.column, ...open };
  return { kind: 'gene', gene: subject.gene, name: subject.name, ...open };
}
