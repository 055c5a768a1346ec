import * as v from 'valibot';
import type { Bundle } from '../../bundle/bundle';
import type { CellTexts } from '../../bundle/cells/cell_texts';
import type { Sections } from '../../bundle/tissue';
import { ViewerError } from '../../bytes/errors';
import { parseCsv } from '../texts/csv_rows';
import { toCsv } from '../texts/csv';
import { wrongValue } from '../texts/wrong_value';
import { namesOf, visitNames } from './by_name';
import { sectionOfCell } from '../tissue/sections/section_of';
import { LONGEST_NAME, type Group } from './groups';
import type { Cells } from './sets';
import { RegionSchema, saveRegion, type SavedRegion } from './regions/saved_region';
import { inSourceOrder } from './source_order';

/** More groups cannot be told apart; a file with more is of something else. */
export const MOST_GROUPS = 500;

const FORMAT = 'karospace-groups';
const CSV_COLUMNS = ['cell_id', 'group'] as const;

const NameSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(LONGEST_NAME));
export const ColorSchema = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i, 'like #1f77b4'));
const JsonSchema = v.object({
  format: v.literal(FORMAT),
  version: v.literal(1),
  groups: v.pipe(
    v.array(
      v.object({
        name: NameSchema,
        color: ColorSchema,
        cells: v.array(v.string()),
        region: v.optional(RegionSchema),
      }),
    ),
    v.maxLength(MOST_GROUPS),
  ),
});

/** A group of a file, whose cells have names. */
export interface NamedGroup {
  readonly name: string;
  /** Null if the file has no colours. */
  readonly color: string | null;
  readonly cells: readonly string[];
  /** The sections of these cells, if the bundle has some. */
  readonly sections?: readonly string[];
  readonly region?: SavedRegion;
}

/** The groups with the names of their cells, in the order of the source; loads these. */
export async function nameCells(
  groups: readonly Group[],
  bundle: Pick<Bundle, 'ids' | 'tissue' | 'order' | 'embeddings'>,
): Promise<NamedGroup[]> {
  const named: NamedGroup[] = [];
  for (const { name, color, cells, region } of groups) {
    const ordered = await inSourceOrder(bundle, cells);
    named.push({
      name,
      color,
      cells: await namesOf(bundle.ids, ordered),
      ...(bundle.tissue?.sections && { sections: sectionsOf(bundle.tissue.sections, ordered) }),
      ...(region && { region: saveRegion(region, bundle) }),
    });
  }
  return named;
}

/** The name of the section of each cell; empty for cells without one. */
function sectionsOf({ items }: Sections, cells: Cells): string[] {
  const names = new Map<number, string>();
  return Array.from(cells, (cell) => {
    const section = sectionOfCell(items, cell) ?? -1;
    if (!names.has(section)) names.set(section, items[section]?.name ?? '');
    return names.get(section)!;
  });
}

/** A line for each cell of each group, with its section if the bundle has some. */
export function groupsCsv(groups: readonly NamedGroup[]): string {
  return toCsv([
    { header: CSV_COLUMNS[0], texts: groups.flatMap(({ cells }) => cells) },
    ...(groups.some(({ sections }) => sections)
      ? [{ header: 'section', texts: groups.flatMap(({ sections }) => sections ?? []) }]
      : []),
    { header: CSV_COLUMNS[1], texts: groups.flatMap(({ name, cells }) => cells.map(() => name)) },
  ]);
}

export function groupsJson(groups: readonly NamedGroup[], dataset: string): string {
  // Sections follow from the cells.
  const entries = groups.map(({ name, color, cells, region }) => ({ name, color, cells, region }));
  return JSON.stringify({ format: FORMAT, version: 1, dataset, groups: entries });
}

/** Reads what `groupsCsv` or `groupsJson` wrote. */
export function readGroups(text: string): NamedGroup[] {
  return /^\s*[{[]/.test(text) ? readJson(text) : readCsv(text);
}

function readJson(text: string): NamedGroup[] {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), JsonSchema), text);
  if (parsed.success) return parsed.output.groups;
  const [issue] = parsed.issues;
  throw new ViewerError(
    `The file is not a JSON file of groups: ${wrongValue(issue, 'the file')}.`,
    'Import a file that this page has saved, or a CSV file with the columns cell_id and group.',
  );
}

function readCsv(text: string): NamedGroup[] {
  const [header = [], ...rows] = parseCsv(text);
  const names = header.map((name) => name.trim().toLowerCase());
  const [cell, group] = CSV_COLUMNS.map((name) => names.indexOf(name));
  if (cell < 0 || group < 0) {
    throw new ViewerError(
      `The first line must name the columns cell_id and group, and is “${header.join(',').slice(0, 200)}”.`,
      'Import a CSV file with these two columns, or a JSON file that this page has saved.',
    );
  }
  const cells = new Map<string, string[]>();
  for (const row of rows) {
    const name = (row[group] ?? '').trim().slice(0, LONGEST_NAME);
    if (name === '') continue;
    const known = cells.get(name);
    if (known) known.push(row[cell] ?? '');
    else if (cells.size < MOST_GROUPS) cells.set(name, [row[cell] ?? '']);
    else {
      throw new ViewerError(
        `The file has more than ${MOST_GROUPS} groups.`,
        'Import a CSV file in which the column group has fewer values.',
      );
    }
  }
  return [...cells].map(([name, members]) => ({ name, color: null, cells: members }));
}

export interface FoundGroups {
  readonly groups: readonly (Pick<Group, 'name' | 'cells'> & {
    readonly color: string | null;
    readonly saved?: SavedRegion;
  })[];
  readonly nNames: number;
  readonly missing: readonly string[];
}

/** The cells of named groups; goes through all names once. */
export async function findGroups(
  named: readonly NamedGroup[],
  ids: CellTexts,
  nCells: number,
): Promise<FoundGroups> {
  const members = new Map<string, number[]>();
  named.forEach(({ cells }, group) => {
    for (const cell of new Set(cells)) {
      const known = members.get(cell);
      if (known) known.push(group);
      else members.set(cell, [group]);
    }
  });
  const found: number[][] = named.map(() => []);
  const missing = new Set(members.keys());
  await visitNames(ids, nCells, (cell, name) => {
    for (const group of members.get(name) ?? []) found[group].push(cell);
    missing.delete(name);
  });
  const groups = named.map(({ name, color, region }, at) => ({
    name,
    color,
    cells: Uint32Array.from(found[at]).sort(),
    ...(region && { saved: region }),
  }));
  return { groups, nNames: members.size, missing: [...missing] };
}
