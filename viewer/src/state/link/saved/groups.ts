import * as v from 'valibot';
import { ColorSchema, MOST_GROUPS } from '../../selection/group_files';
import { LONGEST_NAME, type Group } from '../../selection/groups';
import { readRegion, RegionSchema, saveRegion } from '../../selection/regions/saved_region';
import { textOfGroups, textOfSelected } from '../cells';
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
  save: async ({ groups, bundle, numbers }) => {
    const saved = [];
    for (const { name, color, cells, region } of groups.list.peek()) {
      const outline = region && { region: saveRegion(region, bundle) };
      saved.push({ name, color, cells: await saveCells(await numbers.of(cells), bundle.nCells), ...outline });
    }
    return saved;
  },
  read: async ({ groups, bundle, numbers }, value) => {
    const read = new Map<string, Group>();
    for (const { name, color, cells: saved, region: drawn } of checkPart('the groups', GroupsSchema, value)) {
      const kept = await readCells(saved, bundle.nCells);
      if (!kept) throw damaged(`the cells of the group “${name}” cannot be read`);
      if (read.has(name)) throw damaged(`there are two groups “${name}”`);
      const cells = await numbers.cells(kept);
      const region = drawn && readRegion(drawn, bundle);
      read.set(name, { name, color, cells, ...(region && { region }) });
    }
    return () => {
      groups.list.value = [...read.values()];
    };
  },
  notInLink: (session) => {
    const { leftOut, leftOutlines } = textOfGroups(session);
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
  save: async ({ selection, bundle, numbers }) =>
    saveCells(await numbers.of(selection.cells.peek()), bundle.nCells),
  read: async ({ selection, bundle, numbers }, value) => {
    const kept = await readCells(checkPart('the selection', CellsSchema, value), bundle.nCells);
    if (!kept) throw damaged('the selected cells cannot be read');
    const cells = await numbers.cells(kept);
    return () => selection.set(cells);
  },
  notInLink: (session) => (textOfSelected(session) === null ? ['the selected cells'] : []),
};
