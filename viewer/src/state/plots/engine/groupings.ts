import type { Bundle, ColumnInfo } from '../../../bundle/bundle';
import { CATEGORY_COLORS } from '../../colouring/palette';
import { GROUPS_LABEL } from '../../colouring/colouring';
import { columnKey } from '../../filters/filter';
import { totalsOf } from '../../selection/composition';
import type { Group } from '../../selection/groups';
import { labelsOf } from '../../texts/cell_value';
import { namedColumns, type CsvColumn } from '../../texts/csv';
import type { Source } from './client';
import type { Plotted } from './plotted';
import { versionOf } from './subjects';
import type { Lists } from './vectors';

/** What cells are grouped by. */
export type Grouping =
  | { readonly by: 'nothing' }
  | { readonly by: 'column'; readonly index: number }
  | { readonly by: 'groups' }
  | { readonly by: 'selection' };

export const NO_GROUPING: Grouping = { by: 'nothing' };

/** Groups with their names and colours. */
export interface Grouped {
  readonly name: string;
  readonly labels: readonly string[];
  /** The data's names, if they may be others. */
  readonly own?: readonly string[];
  readonly colors: readonly string[];
  /** The codes in the order of the legend; null for their own. */
  readonly order: Uint32Array | null;
}

const SELECTED = '#0072b2';
const REST = '#9aa3a8';

export function isGrouping({ kind }: ColumnInfo): boolean {
  return kind === 'category' || kind === 'bool';
}

/** The number of groups, which is known before they are loaded. */
export function countGroups(grouping: Grouping, { bundle, groups }: Plotted): number {
  switch (grouping.by) {
    case 'nothing':
      return 1;
    case 'column':
      return labelsOf(bundle.columns[grouping.index]).length;
    case 'groups':
      return groups.list.value.length;
    case 'selection':
      return 2;
  }
}

/** Null for no groups. Reads the groups, or the selection. */
export function groupingSource(grouping: Grouping, from: Plotted): Source | null {
  const { bundle, groups, selection } = from;
  const lists = (key: string, object: object, vector: Lists): Source => ({
    key: `${key} ${versionOf(object)}`,
    load: () => Promise.resolve(vector),
  });
  switch (grouping.by) {
    case 'nothing':
      return null;
    case 'column':
      return { key: columnKey(grouping.index), load: (signal) => bundle.column(grouping.index, signal) };
    case 'groups': {
      const list = groups.list.value;
      return lists('groups', list, { kind: 'lists', lists: list.map(({ cells }) => cells), withRest: false });
    }
    case 'selection': {
      const cells = selection.cells.value;
      return lists('selection', cells, { kind: 'lists', lists: [cells], withRest: true });
    }
  }
}

/** What the names and colours of groups depend on. */
export interface LoadedGroups {
  readonly grouping: Grouping;
  /** Cells of each category in the whole bundle. */
  readonly counts: Uint32Array;
  readonly list: readonly Group[];
}

const known = new WeakMap<Bundle, Map<number, Uint32Array>>();

export async function loadGroups(grouping: Grouping, { bundle, groups }: Plotted): Promise<LoadedGroups> {
  const list = groups.list.peek();
  if (grouping.by !== 'column') return { grouping, counts: new Uint32Array(), list };
  const columns = known.get(bundle) ?? new Map<number, Uint32Array>();
  known.set(bundle, columns);
  if (!columns.has(grouping.index)) {
    const values = await bundle.column(grouping.index);
    const nLabels = labelsOf(bundle.columns[grouping.index]).length;
    if (values.kind === 'codes') columns.set(grouping.index, totalsOf(values, nLabels).subarray(0, nLabels));
  }
  return { grouping, counts: columns.get(grouping.index) ?? new Uint32Array(), list };
}

/** A column of groups by their codes: the data's names, and those that are shown, if there are other ones. */
export function groupColumns(
  { name, labels, own }: Grouped,
  codes: readonly number[],
  unnamed = '',
): CsvColumn[] {
  return namedColumns(name || unnamed, codes, own ?? labels, labels);
}

/** Names and colours as the page shows them. Reads those of categories. */
export function describeGroups({ grouping, counts, list }: LoadedGroups, from: Plotted): Grouped {
  switch (grouping.by) {
    case 'nothing':
      return { name: '', labels: ['All cells'], colors: [CATEGORY_COLORS[0]], order: null };
    case 'column': {
      const { index } = grouping;
      const { categories } = from.colouring;
      return {
        name: from.bundle.columns[index].name,
        labels: categories.namesOf(index),
        own: labelsOf(from.bundle.columns[index]),
        colors: categories.colorsOf(index, counts),
        order: categories.orderOf(index, counts),
      };
    }
    case 'groups':
      return {
        name: GROUPS_LABEL,
        labels: list.map(({ name }) => name),
        colors: list.map(({ color }) => color),
        order: null,
      };
    case 'selection':
      return {
        name: 'Selection',
        labels: ['Selected', 'The rest'],
        colors: [SELECTED, REST],
        order: null,
      };
  }
}
