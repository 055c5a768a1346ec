import * as v from 'valibot';
import { ColorSchema } from '../selection/group_files';
import { LONGEST_NAME } from '../selection/groups';
import { readRegion, RegionSchema, saveRegion, type SavedRegion } from '../selection/regions/saved_region';
import type { Cells } from '../selection/sets';
import type { Session } from '../session';
import type { Misses } from './misses';

/** Longer lists of cells would make an address that browsers reject. */
const LONGEST_CELLS = 2_000;
/** Of all groups together. */
const LONGEST_GROUPS = 4_000;
const BASE = 36;

const GroupsSchema = v.array(
  // Those of a part of the tissue have its outline, too.
  v.looseTuple([v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_NAME)), ColorSchema, v.string()]),
);

/** Cells as text: for each run, the gap before it and, if it is longer than one, its length. Null if it is too long. */
export function textOfCells(cells: Cells | null): string | null {
  if (!cells) return null;
  const runs: string[] = [];
  let [length, next] = [0, 0];
  for (let at = 0; at < cells.length;) {
    const start = at;
    for (at++; at < cells.length && cells[at] === cells[at - 1] + 1;) at++;
    const gap = (cells[start] - next).toString(BASE);
    const run = at - start === 1 ? gap : `${gap}-${(at - start).toString(BASE)}`;
    next = cells[start] + at - start;
    length += run.length + 1;
    if (length > LONGEST_CELLS) return null;
    runs.push(run);
  }
  return runs.join('.');
}

/** The cells of a text; null if it is none, or names cells that the bundle does not have. */
export function cellsOfText(text: string, nCells: number): Cells | null {
  if (text === '') return new Uint32Array(0);
  const runs: [number, number][] = [];
  let [count, next] = [0, 0];
  for (const run of text.split('.')) {
    const [, gap, long] = /^([0-9a-z]{1,7})(?:-([0-9a-z]{1,7}))?$/.exec(run) ?? [];
    if (gap === undefined) return null;
    const length = long === undefined ? 1 : parseInt(long, BASE);
    const start = next + parseInt(gap, BASE);
    next = start + length;
    if (length === 0 || next > nCells) return null;
    count += length;
    runs.push([start, length]);
  }
  const cells = new Uint32Array(count);
  let at = 0;
  for (const [start, length] of runs) for (let step = 0; step < length; step++) cells[at++] = start + step;
  return cells;
}

interface LinkedGroups {
  readonly text: string | null;
  /** Names of groups that are too large for the link. */
  readonly leftOut: readonly string[];
  /** Names of groups that are in the link without their outline, which is too long. */
  readonly leftOutlines: readonly string[];
}

/** The selected cells as text; empty for none. */
export function textOfSelected({ selection, numbers }: Session): string | null {
  return textOfCells(numbers.known(selection.cells.value));
}

/** What a text of groups is made of. */
type Grouped = Pick<Session, 'groups' | 'bundle' | 'numbers'>;

/** As many groups as fit, and as many of their outlines as fit beside them, as JSON. */
export function textOfGroups({ groups, bundle, numbers }: Grouped): LinkedGroups {
  const kept: [string, string, string, SavedRegion?][] = [];
  const [leftOut, leftOutlines]: [string[], string[]] = [[], []];
  let length = 0;
  for (const { name, color, cells } of groups.list.value) {
    const text = textOfCells(numbers.known(cells));
    const next = length + name.length + (text?.length ?? 0) + 20;
    if (text === null || next > LONGEST_GROUPS) leftOut.push(name);
    else {
      kept.push([name, color, text]);
      length = next;
    }
  }
  for (const entry of kept) {
    const { region } = groups.list.value.find(({ name }) => name === entry[0])!;
    if (!region) continue;
    const outline = shortRegion(saveRegion(region, bundle));
    const next = length + JSON.stringify(outline).length;
    if (next > LONGEST_GROUPS) leftOutlines.push(entry[0]);
    else {
      entry.push(outline);
      length = next;
    }
  }
  return { text: kept.length > 0 ? JSON.stringify(kept) : null, leftOut, leftOutlines };
}

/** With seven digits, which is less than a pixel of any picture. */
function shortRegion(region: SavedRegion): SavedRegion {
  const short = (value: number) => Number(value.toPrecision(7));
  const polygons = region.polygons.map((rings) =>
    rings.map((ring) => ring.map(([x, y]): [number, number] => [short(x), short(y)])),
  );
  return { ...region, polygons };
}

/** Adds the groups of a link to those that are there. */
export async function readGroups(
  { groups, bundle, numbers }: Session,
  link: URLSearchParams,
  misses: Misses,
): Promise<void> {
  const text = link.get('groups');
  if (text === null) return;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), GroupsSchema), text);
  if (!parsed.success) return misses.add('the groups', text);
  for (const [name, color, list, outline] of parsed.output) {
    const cells = cellsOfText(list, bundle.nCells);
    if (!cells) {
      misses.add('cells of the group', name);
      continue;
    }
    const drawn = outline === undefined ? null : v.safeParse(RegionSchema, outline);
    const region = drawn?.success ? readRegion(drawn.output, bundle) : null;
    if (drawn && !region) misses.add('the outline of', name);
    groups.put({ name, color, cells: await numbers.cells(cells), ...(region && { region }) });
  }
}

export async function readSelected(
  { selection, bundle, numbers }: Session,
  link: URLSearchParams,
  misses: Misses,
): Promise<void> {
  const text = link.get('selected');
  const cells = cellsOfText(text ?? '', bundle.nCells);
  if (cells) selection.set(await numbers.cells(cells));
  else misses.add('the selected cells', text ?? '');
}
