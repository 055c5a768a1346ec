import type { ColumnInfo } from '../../../bundle/bundle';
import { CATEGORY_COLORS, categoryColors } from '../../colouring/palette';
import { GROUPS_LABEL } from '../../colouring/colouring';
import { columnKey } from '../../filters/filter';
import { totalsOf } from '../../selection/composition';
import { labelsOf } from '../../texts/cell_value';
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
  readonly colors: readonly string[];
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
      return { key: columnKey(grouping.index), load: () => bundle.column(grouping.index) };
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

/** Names and colours of the groups, once they are loaded. */
export async function loadGroups(grouping: Grouping, { bundle, groups }: Plotted): Promise<Grouped> {
  switch (grouping.by) {
    case 'nothing':
      return { name: '', labels: ['All cells'], colors: [CATEGORY_COLORS[0]] };
    case 'column': {
      const values = await bundle.column(grouping.index);
      const info = bundle.columns[grouping.index];
      const labels = labelsOf(info);
      const counts =
        values.kind === 'codes'
          ? totalsOf(values, labels.length).subarray(0, labels.length)
          : new Uint32Array();
      const given = info.kind === 'category' ? info.colors : null;
      return { name: info.name, labels, colors: categoryColors(counts, given) };
    }
    case 'groups': {
      const list = groups.list.peek();
      return {
        name: GROUPS_LABEL,
        labels: list.map(({ name }) => name),
        colors: list.map(({ color }) => color),
      };
    }
    case 'selection':
      return { name: 'Selection', labels: ['Selected', 'The rest'], colors: [SELECTED, REST] };
  }
}
