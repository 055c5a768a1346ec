import * as v from 'valibot';
import { LONGEST_NAME, type CategoryEdits } from '../colouring/categories';
import { PALETTE_NAMES } from '../colouring/qualitative';
import { SORT_NAMES } from '../lists/category_order';
import { ColorSchema } from '../selection/group_files';
import type { Session } from '../session';
import { labelsOf } from '../texts/cell_value';
import { missed, type Misses } from './misses';

/** More would make an address that browsers reject. */
const LONGEST = 2_000;

/** Changes of columns, by name. Pairs rather than objects, since a category may be called `__proto__`. */
export const LegendSchema = v.array(
  v.object({
    column: v.string(),
    names: v.optional(v.array(v.tuple([v.string(), v.pipe(v.string(), v.maxLength(LONGEST_NAME))])), []),
    colors: v.optional(v.array(v.tuple([v.string(), ColorSchema])), []),
    palette: v.optional(v.nullable(v.picklist(PALETTE_NAMES)), null),
    sort: v.optional(v.picklist(SORT_NAMES), 'data'),
    order: v.optional(v.array(v.string()), []),
  }),
);
type Entry = v.InferInput<typeof LegendSchema>[number];

/** All changes of legends. */
export function legendEntries({ categories, bundle }: Session): Entry[] {
  return [...categories.edits.value].map(([column, edits]) => entryOf(bundle.columns[column].name, edits));
}

function entryOf(column: string, { names, colors, palette, sort, order }: CategoryEdits): Entry {
  return {
    column,
    ...(names.size > 0 && { names: [...names] }),
    ...(colors.size > 0 && { colors: [...colors] }),
    ...(palette && { palette }),
    ...(sort !== 'data' && { sort }),
    ...(order.length > 0 && { order: [...order] }),
  };
}

/** As many changes as fit into a link, and the names of the columns of the others. */
export function linkedLegend(session: Session): { readonly text: string | null; readonly leftOut: string[] } {
  const kept: Entry[] = [];
  const leftOut: string[] = [];
  let length = 0;
  for (const entry of legendEntries(session)) {
    const next = length + JSON.stringify(entry).length;
    if (next > LONGEST) leftOut.push(entry.column);
    else {
      kept.push(entry);
      length = next;
    }
  }
  return { text: kept.length > 0 ? JSON.stringify(kept) : null, leftOut };
}

export function readLegend(session: Session, link: URLSearchParams, misses: Misses): void {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), LegendSchema), link.get('legend') ?? '[]');
  if (!parsed.success) missed(misses, link, 'legend', 'the names and colours of categories');
  applyLegend(session, parsed.success ? parsed.output : [], misses);
}

/** Replaces all changes of legends. */
export function applyLegend(
  { categories, bundle }: Session,
  entries: v.InferOutput<typeof LegendSchema>,
  misses: Misses,
): void {
  const edits = new Map<number, CategoryEdits>();
  for (const { column: name, names, colors, palette, sort, order } of entries) {
    const column = bundle.columns.findIndex(
      (info) => info.name === name && ['category', 'bool'].includes(info.kind),
    );
    if (column < 0) {
      misses.add('the column of changed categories', name);
      continue;
    }
    // The names may arrive only with the values of the column.
    const labels = new Set(labelsOf(bundle.columns[column]).filter((label) => label !== ''));
    const unknown = [...new Set([...names, ...colors].map(([label]) => label))].filter(
      (label) => label !== '' && labels.size > 0 && !labels.has(label),
    );
    misses.addCategories(name, unknown);
    edits.set(column, { names: new Map(names), colors: new Map(colors), palette, sort, order });
  }
  if (edits.size > 0 || categories.edits.peek().size > 0) categories.edits.value = edits;
}
