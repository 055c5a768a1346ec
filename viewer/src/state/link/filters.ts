import * as v from 'valibot';
import type { CellsFilter, RangeFilter } from '../filters/filter';
import { MISSING } from '../filters/mask';
import { findName } from '../lists/find_name';
import type { Session } from '../session';
import { labelsOf } from '../texts/cell_value';
import { textOfGroups } from './cells';
import { missed, type Misses } from './misses';

/** `[column, [category, …]]`; null stands for the cells without a value. */
const HiddenSchema = v.array(v.tuple([v.string(), v.array(v.nullable(v.string()))]));

/** Longer lists of categories would make an address that browsers reject. */
const MOST_NAMED = 500;

/** The value of `between=` for cells without a value. */
const WITH_MISSING = 'missing';
const BoundSchema = v.nullable(v.pipe(v.number(), v.finite()));
/** `[kind, name, low, high]`, and a word if cells without a value are shown; null stands for no bound. */
const BetweenSchema = v.array(
  v.tuple([
    v.picklist(['column', 'gene']),
    v.string(),
    BoundSchema,
    BoundSchema,
    v.optional(v.literal(WITH_MISSING)),
  ]),
);

/** More would make an address that browsers reject. */
const MOST_BETWEEN = 50;

type Between = v.InferInput<typeof BetweenSchema>[number];

/** The filters that are on, as parts of the link. */
export function filterParts(session: Session): [string, readonly unknown[]][] {
  const { hidden, shown } = categoryEntries(session);
  const parts: [string, readonly unknown[]][] = [
    ['hidden', hidden],
    ['shown', shown],
    ['between', betweenEntries(session)],
    ['within', groupNames(session, true)],
    ['without', groupNames(session, false)],
  ];
  return parts.filter(([, entries]) => entries.length > 0);
}

/** Replaces all filters by those of the link. */
export async function readFilters(session: Session, link: URLSearchParams, misses: Misses): Promise<void> {
  session.filters.clear();
  for (const [column, codes] of await codesOf(session, link, 'hidden', misses))
    await session.hide(column, codes);
  for (const [column, codes] of await codesOf(session, link, 'shown', misses)) {
    // If none of the categories exists, all cells would be hidden.
    if (codes.size > 0) await session.hide(column, othersOf(session, column, codes));
  }
  for (const filter of await rangesOf(session, link, misses)) await session.filter(filter);
  for (const filter of groupsOf(session, link, misses)) await session.filter(filter);
}

/** Whether a link can hold the hidden categories of a column. */
export function fitsLink(session: Session, column: number, hidden: ReadonlySet<number>): boolean {
  return (
    Math.min(hidden.size, labelsOf(session.bundle.columns[column]).length + 1 - hidden.size) <= MOST_NAMED
  );
}

/** By column, the hidden categories, or the shown ones if these are fewer. */
function categoryEntries(session: Session) {
  type Entry = [string, (string | null)[]];
  const [hidden, shown]: [Entry[], Entry[]] = [[], []];
  for (const [column, codes] of session.filters.hidden.value) {
    if (!fitsLink(session, column, codes)) continue;
    const labels = labelsOf(session.bundle.columns[column]);
    const isShort = codes.size <= MOST_NAMED;
    const named = isShort ? [...codes] : [...othersOf(session, column, codes)];
    const { name } = session.bundle.columns[column];
    (isShort ? hidden : shown).push([name, named.map((code) => (code === MISSING ? null : labels[code]))]);
  }
  return { hidden, shown };
}

function othersOf(session: Session, column: number, codes: ReadonlySet<number>): Set<number> {
  const others = new Set<number>();
  for (let code = 0; code < labelsOf(session.bundle.columns[column]).length; code++)
    if (!codes.has(code)) others.add(code);
  if (!codes.has(MISSING)) others.add(MISSING);
  return others;
}

function betweenEntries({ bundle, filters }: Session): Between[] {
  const entries: Between[] = [];
  for (const filter of filters.all.value) {
    if (!('low' in filter) || !filter.isOn || entries.length === MOST_BETWEEN) continue;
    const name = filter.kind === 'gene' ? filter.name : bundle.columns[filter.column].name;
    const kind = filter.kind === 'gene' ? 'gene' : 'column';
    const end = filter.withMissing ? ([WITH_MISSING] as const) : [];
    entries.push([kind, name, filter.low, filter.high, ...end] as Between);
  }
  return entries;
}

/** Names of groups that filter, of those that the link holds. */
function groupNames(session: Session, isInside: boolean): string[] {
  const { filters, groups } = session;
  const leftOut = new Set(textOfGroups(session).leftOut);
  const linked = new Set(groups.list.value.map(({ name }) => name).filter((name) => !leftOut.has(name)));
  return filters.all.value.flatMap((each) =>
    each.kind === 'cells' && each.isOn && each.isInside === isInside && linked.has(each.name)
      ? [each.name]
      : [],
  );
}

/** The groups of the link are there already. */
function groupsOf({ groups }: Session, link: URLSearchParams, misses: Misses): CellsFilter[] {
  const found: CellsFilter[] = [];
  for (const part of ['within', 'without']) {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), v.array(v.string())), link.get(part));
    if (!parsed.success) missed(misses, link, part, 'the filter');
    for (const name of parsed.success ? parsed.output : []) {
      const group = groups.list.peek().find((each) => each.name === name);
      if (!group) misses.add('the filtered group', name);
      else found.push({ kind: 'cells', name, cells: group.cells, isInside: part === 'within', isOn: true });
    }
  }
  return found;
}

async function rangesOf(session: Session, link: URLSearchParams, misses: Misses): Promise<RangeFilter[]> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), BetweenSchema), link.get('between'));
  if (!parsed.success) {
    missed(misses, link, 'between', 'the filter');
    return [];
  }
  const { bundle } = session;
  const filters: RangeFilter[] = [];
  for (const [kind, name, low, high, missing] of parsed.output.slice(0, MOST_BETWEEN)) {
    const bounds = { low, high, withMissing: missing !== undefined, isOn: true };
    if (kind === 'gene') {
      const { names, ids } = await bundle.genes();
      const { index, similar } = findName(ids ? [names, ids] : [names], name);
      if (index >= 0) filters.push({ kind, gene: index, name: names[index], ...bounds });
      else misses.add('the filtered gene', name, similar);
    } else {
      const column = bundle.columns.findIndex((info) => info.name === name && info.kind === 'number');
      if (column >= 0) filters.push({ kind: 'number', column, ...bounds });
      else misses.add('the filtered column of numbers', name);
    }
  }
  return filters;
}

async function codesOf(
  session: Session,
  link: URLSearchParams,
  part: 'hidden' | 'shown',
  misses: Misses,
): Promise<[number, Set<number>][]> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), HiddenSchema), link.get(part));
  if (!parsed.success) {
    missed(misses, link, part, 'the filter');
    return [];
  }
  const hidden: [number, Set<number>][] = [];
  for (const [name, labels] of parsed.output) {
    const column = session.bundle.columns.findIndex((info) => info.name === name && info.kind !== 'string');
    if (column < 0) {
      misses.add('the filtered column', name);
      continue;
    }
    // The names of categories may be known only once the column is loaded; an error appears when they are hidden.
    const isThere = await session.bundle.column(column).then(
      () => true,
      () => false,
    );
    const wanted = new Set(labels);
    const codes = new Set<number>();
    labelsOf(session.bundle.columns[column]).forEach(
      (label, code) => wanted.delete(label) && codes.add(code),
    );
    if (wanted.delete(null)) codes.add(MISSING);
    if (isThere) misses.addCategories(name, [...wanted]);
    hidden.push([column, codes]);
  }
  return hidden;
}
