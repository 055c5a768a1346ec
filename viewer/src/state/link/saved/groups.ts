import * as v from 'valibot';
import { ColorSchema, MOST_GROUPS } from '../../selection/group_files';
import { LONGEST_NAME, type Group } from '../../selection/groups';
import { readRegion, RegionSchema, saveRegion } from '../../selection/regions/saved_region';
import { textOfCells, textOfGroups } from '../cells';
import { CellsSchema, readCells, saveCells } from './cells';
import { checkPart, damaged, type SavedPart } from './part';

const GroupsSchema = v.pipe(
  v.array(
    v.object({
      name: v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_NAME)),
      color: ColorSchema,
      cells: CellsSchema,
      region: v.optional(RegionSchema),
    }),
  ),
  v.maxLength(MOST_GROUPS),
);

export const groupsPart: SavedPart = {
  key: 'groups',
  name: 'the groups',
  namesCells: true,
  save: async ({ groups, bundle }) => {
    const saved = [];
    for (const { name, color, cells, region } of groups.list.peek()) {
      const outline = region && { region: saveRegion(region, bundle) };
      saved.push({ name, color, cells: await saveCells(cells, bundle.nCells), ...outline });
    }
    return saved;
  },
  read: async ({ groups, bundle }, value) => {
    const read = new Map<string, Group>();
    for (const { name, color, cells: saved, region: drawn } of checkPart('the groups', GroupsSchema, value)) {
      const cells = await readCells(saved, bundle.nCells);
      if (!cells) throw damaged(`the cells of the group “${name}” cannot be read`);
      if (read.has(name)) throw damaged(`there are two groups “${name}”`);
      const region = drawn && readRegion(drawn, bundle);
      read.set(name, { name, color, cells, ...(region && { region }) });
    }
    return () => {
      groups.list.value = [...read.values()];
    };
  },
  notInLink: ({ groups, bundle }) => {
    const { leftOut, leftOutlines } = textOfGroups(groups.list.value, bundle);
    return [
      ...leftOut.map((name) => `the group “${name}”`),
      ...leftOutlines.map((name) => `the outline of “${name}”`),
    ];
  },
};

export const selectionPart: SavedPart = {
  key: 'selection',
  name: 'the selection',
  namesCells: true,
  save: ({ selection, bundle }) => saveCells(selection.cells.peek(), bundle.nCells),
  read: async ({ selection, bundle }, value) => {
    const cells = await readCells(checkPart('the selection', CellsSchema, value), bundle.nCells);
    if (!cells) throw damaged('the selected cells cannot be read');
    return () => selection.set(cells);
  },
  notInLink: ({ selection }) => (textOfCells(selection.cells.value) === null ? ['the selected cells'] : []),
};
