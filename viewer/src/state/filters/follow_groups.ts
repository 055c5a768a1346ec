import type { Group } from '../selection/groups';
import { keyOf, type Filter, type Key } from './filter';

/** The filters with the names and cells that groups have now. Those of deleted groups keep their cells. */
export function followGroups(filters: readonly Filter[], groups: readonly Group[]): readonly Filter[] {
  const followed = new Map<Key, Filter>();
  for (const filter of filters) {
    const next = followGroup(filter, groups);
    if (!followed.has(keyOf(next))) followed.set(keyOf(next), next);
  }
  const all = [...followed.values()];
  const isSame = all.length === filters.length && all.every((each, at) => each === filters[at]);
  return isSame ? filters : all;
}

function followGroup(filter: Filter, groups: readonly Group[]): Filter {
  if (filter.kind !== 'cells') return filter;
  const { name, cells } = filter;
  const group = groups.find((each) => each.name === name) ?? groups.find((each) => each.cells === cells);
  if (!group || (group.name === name && group.cells === cells)) return filter;
  return { ...filter, name: group.name, cells: group.cells };
}
