import type { Bundle } from '../../bundle/bundle';
import { exactText } from '../texts/csv';
import { formatCount, formatCounted } from '../texts/format';
import type { Filter, RangeFilter } from './filter';

/** The name of what is filtered, for people. */
export function nameOf(filter: Filter, { columns }: Bundle): string {
  return 'name' in filter ? filter.name : columns[filter.column].name;
}

/** What a filter does, in a few words after the name. */
export function textOf(filter: Filter): string {
  if (filter.kind === 'categories') return `${formatCount(filter.hidden.size)} hidden`;
  if (filter.kind === 'cells') {
    const cells = formatCounted(filter.cells.length, 'cell');
    return filter.isInside ? cells : `without its ${cells}`;
  }
  return filter.withMissing ? `${rangeText(filter)} or missing` : rangeText(filter);
}

function rangeText({ low, high }: RangeFilter): string {
  if (low !== null && high !== null) return `${boundText(low)} to ${boundText(high)}`;
  if (low !== null) return `at least ${boundText(low)}`;
  return high !== null ? `at most ${boundText(high)}` : 'any value';
}

/** Few digits: those that tell a float32 from its neighbours, or nine. */
export const boundText = exactText;
