import * as v from 'valibot';
import { isIdle, keyOf, type CellsFilter, type Filter } from '../../filters/filter';
import { MISSING } from '../../filters/mask';
import { findName } from '../../lists/find_name';
import type { Cells } from '../../selection/sets';
import type { Session } from '../../session';
import { labelsOf } from '../../texts/cell_value';
import { fitsLink } from '../filters';
import type { Misses } from '../misses';
import { CellsSchema, readCells, saveCells, type SavedCells } from './cells';
import { definePart } from './part';

const BoundSchema = v.nullable(v.pipe(v.number(), v.finite()));
const bounds = { low: BoundSchema, high: BoundSchema, missing: v.boolean() };
const on = { on: v.boolean() };
const FilterSchema = v.variant('kind', [
  v.object({
    kind: v.literal('categories'),
    column: v.string(),
    /** Null stands for the cells without a value. */
    hidden: v.array(v.nullable(v.string())),
    ...on,
  }),
  v.object({ kind: v.literal('number'), column: v.string(), ...bounds, ...on }),
  v.object({ kind: v.literal('gene'), gene: v.string(), ...bounds, ...on }),
  v.object({
    kind: v.literal('group'),
    name: v.string(),
    inside: v.boolean(),
    /** Only if the group was deleted. */
    cells: v.optional(CellsSchema),
    ...on,
  }),
]);
type Saved = v.InferOutput<typeof FilterSchema>;

/** More filters than a person makes. */
const MOST_FILTERS = 1_000;

/** All filters, also those that are switched off. */
export const filtersPart = definePart({
  key: 'filters',
  name: 'the filters',
  schema: v.pipe(v.array(FilterSchema), v.maxLength(MOST_FILTERS)),
  save: (session) => Promise.all(session.filters.all.peek().map((each) => saved(session, each))),
  load: async (session, value, misses, hasSameCells) => {
    const filters = new Map<string, Filter>();
    for (const each of value) {
      const filter = await found(session, each, misses, hasSameCells);
      if (filter && !isIdle(filter)) filters.set(keyOf(filter), filter);
    }
    await session.during('filter', 'Loading the filters', () =>
      session.filters.restore([...filters.values()]),
    );
  },
  notInLink: (session) => {
    const all = session.filters.all.value;
    const lacking = all.filter((each) => each.isOn && !isLinked(session, each));
    return [
      ...lacking.map((each) => `the filter of “${nameOf(session, each)}”`),
      ...(all.every(({ isOn }) => isOn) ? [] : ['filters that are switched off']),
    ];
  },
});

/** Whether a link may hold a filter; that of a group, whenever it holds the group. */
function isLinked(session: Session, filter: Filter): boolean {
  if (filter.kind === 'cells') return isKept(session, filter);
  return filter.kind !== 'categories' || fitsLink(session, filter.column, filter.hidden);
}

/** Whether the group of a filter still exists. */
function isKept({ groups }: Session, filter: CellsFilter): boolean {
  return groups.list.value.some(({ name }) => name === filter.name);
}

function nameOf({ bundle }: Session, filter: Filter): string {
  return 'name' in filter ? filter.name : bundle.columns[filter.column].name;
}

async function saved(session: Session, filter: Filter): Promise<Saved> {
  const name = nameOf(session, filter);
  switch (filter.kind) {
    case 'categories': {
      const labels = labelsOf(session.bundle.columns[filter.column]);
      const hidden = [...filter.hidden].map((code) => (code === MISSING ? null : labels[code]));
      return { kind: 'categories', column: name, hidden, on: filter.isOn };
    }
    case 'cells': {
      const group = { kind: 'group', name, inside: filter.isInside, on: filter.isOn } as const;
      if (isKept(session, filter)) return group;
      const { bundle, numbers } = session;
      return { ...group, cells: await saveCells(await numbers.of(filter.cells), bundle.nCells) };
    }
    default: {
      const { low, high, withMissing: missing, isOn } = filter;
      const range = { low, high, missing, on: isOn };
      return filter.kind === 'gene'
        ? { kind: 'gene', gene: name, ...range }
        : { kind: 'number', column: name, ...range };
    }
  }
}

/** The filter in this bundle; null if the bundle has nothing of that name. */
async function found(
  session: Session,
  filter: Saved,
  misses: Misses,
  hasSameCells: boolean,
): Promise<Filter | null> {
  const { bundle, groups } = session;
  const isOn = filter.on;
  switch (filter.kind) {
    case 'categories': {
      const column = columnOf(session, filter.column, ['category', 'bool'], misses);
      return column === null
        ? null
        : { kind: 'categories', column, hidden: await codesOf(session, column, filter.hidden, misses), isOn };
    }
    case 'number': {
      const column = columnOf(session, filter.column, ['number'], misses);
      const { low, high, missing: withMissing } = filter;
      return column === null ? null : { kind: 'number', column, low, high, withMissing, isOn };
    }
    case 'gene': {
      const { names, ids } = await bundle.genes();
      const { index, similar } = findName(ids ? [names, ids] : [names], filter.gene);
      if (index < 0) misses.add('the filtered gene', filter.gene, similar);
      const { low, high, missing: withMissing } = filter;
      return index < 0
        ? null
        : { kind: 'gene', gene: index, name: names[index], low, high, withMissing, isOn };
    }
    case 'group': {
      const group = groups.list.peek().find(({ name }) => name === filter.name);
      const saved = group || !hasSameCells ? undefined : filter.cells;
      const cells = group?.cells ?? (saved && (await cellsOf(session, saved)));
      if (cells) return { kind: 'cells', name: filter.name, cells, isInside: filter.inside, isOn };
      misses.add('the filtered group', filter.name);
      return null;
    }
  }
}

async function cellsOf({ bundle, numbers }: Session, saved: SavedCells): Promise<Cells | null> {
  const kept = await readCells(saved, bundle.nCells);
  return kept && numbers.cells(kept);
}

function columnOf(
  { bundle }: Session,
  wanted: string,
  kinds: readonly string[],
  misses: Misses,
): number | null {
  const column = bundle.columns.findIndex(({ name, kind }) => name === wanted && kinds.includes(kind));
  if (column < 0) misses.add('the filtered column', wanted);
  return column < 0 ? null : column;
}

async function codesOf(
  { bundle }: Session,
  column: number,
  hidden: readonly (string | null)[],
  misses: Misses,
): Promise<Set<number>> {
  // The names of categories may be known only once the column is loaded.
  const isThere = await bundle.column(column).then(
    () => true,
    () => false,
  );
  const wanted = new Set(hidden);
  const codes = new Set<number>();
  labelsOf(bundle.columns[column]).forEach((label, code) => wanted.delete(label) && codes.add(code));
  if (wanted.delete(null)) codes.add(MISSING);
  if (isThere) misses.addCategories(bundle.columns[column].name, [...wanted]);
  return codes;
}
