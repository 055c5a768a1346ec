import * as v from 'valibot';
import type { Grouping } from '../../bundle/statistics';
import { findName } from '../lists/find_name';
import { MARKER_VIEWS, MOST_OF_EACH, type Markers, type MarkerView } from '../markers/markers';
import { NEAR_LOOKS } from '../markers/near/near';
import type { ViewId } from '../plots/drawer';
import type { Misses } from './misses';
import type { Session } from '../session';

/** Longer lists of genes would make an address that browsers reject. */
const LONGEST_LIST = 4_000;

const MarkersSchema = v.object({
  view: v.picklist(MARKER_VIEWS),
  /** Not of the genes by their spatial pattern. */
  column: v.optional(v.string()),
  /** Key in uns of markers of the file. */
  key: v.optional(v.string()),
  group: v.optional(v.string()),
  /** Genes of each group in the plot. */
  best: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_OF_EACH))),
  /** Names as they were typed. */
  genes: v.optional(v.pipe(v.string(), v.maxLength(LONGEST_LIST))),
  /** What the cells shown are grouped by, if not as in the tables. */
  shown: v.optional(v.union([v.object({ of: v.string() }), v.picklist(['groups', 'selection'])])),
  heat: v.optional(v.boolean(), false),
  scaled: v.optional(v.boolean(), false),
  ordered: v.optional(v.boolean(), false),
  /** Whether similar genes are neighbours. */
  similar: v.optional(v.boolean(), false),
  /** How neighbouring groups are shown. */
  look: v.optional(v.picklist(NEAR_LOOKS)),
});
type Kept = v.InferOutput<typeof MarkersSchema>;

/** Writes `markers=`, as JSON: what is open in the drawer, of which column and group or genes. */
export function writeMarkers(session: Session, link: URLSearchParams): void {
  const open = session.drawer.open.value;
  const kept = open === null ? null : linkedMarkers(session, open);
  if (kept) link.set('markers', JSON.stringify(kept));
}

/** What a link says of an open table or plot of markers; null if it is none. */
export function linkedMarkers({ markers, plots, bundle }: Session, open: ViewId): Partial<Kept> | null {
  const by = plots.dots.by.value;
  if (open === 'plot' && by && by.by !== 'nothing') {
    const shown = by.by === 'column' ? { of: bundle.columns[by.index].name } : by.by;
    return { view: 'plot', shown, ...plotKept(markers, false) };
  }
  const view = markers.views.find((each) => each === open);
  if (view === undefined) return null;
  if (view === 'spatial') return { view };
  if (view === 'neighbours') return nearKept(markers);
  const grouping = markers.grouping.value;
  if (!grouping) return null;
  const kept: Partial<Kept> = { view, column: grouping.column };
  if (grouping.file) kept.key = grouping.file.key;
  if (view === 'table') kept.group = grouping.categories[markers.chosen.value.group];
  if (view === 'plot') Object.assign(kept, plotKept(markers, markers.plotsBest.value));
  return kept;
}

function plotKept({ look, perGroup, typed }: Markers, isOfBest: boolean): Partial<Kept> {
  const kept: Partial<Kept> = {};
  if (isOfBest) kept.best = perGroup.value;
  else if (typed.value.length <= LONGEST_LIST) kept.genes = typed.value;
  if (look.isHeatMap.value) kept.heat = true;
  if (look.isScaled.value) kept.scaled = true;
  if (look.isOrdered.value) kept.ordered = true;
  if (look.hasSimilarGenes.value) kept.similar = true;
  return kept;
}

function nearKept({ near }: Markers): Partial<Kept> {
  const { column, categories } = near.grouping.value!;
  const look = near.shown.value;
  return {
    view: 'neighbours',
    column,
    look,
    ...(look === 'lines' && { group: categories[near.group.value] }),
  };
}

function readNear({ markers }: Session, kept: OfColumn, misses: Misses): boolean {
  const { near } = markers;
  const groupings = near.neighbourhoods?.groupings ?? [];
  const { index, similar } = findName([groupings.map((each) => each.column)], kept.column);
  if (index < 0) {
    misses.add('the neighbours of the column', kept.column, similar);
    return false;
  }
  const group = kept.group === undefined ? 0 : groupings[index].categories.indexOf(kept.group);
  if (group < 0) misses.addCategories(kept.column, [kept.group!]);
  near.choose(index, Math.max(0, group));
  near.look.value = kept.look ?? 'matrix';
  return true;
}

/** Opens what `markers=` names; closes what is open if the link has none. */
export function readMarkers(session: Session, link: URLSearchParams, misses: Misses): void {
  session.drawer.open.value = null;
  const text = link.get('markers');
  if (text !== null) session.drawer.open.value = loadMarkers(session, text, misses);
}

/** Chooses what a link says of markers, as JSON. The view to open; null if the bundle has it not. */
export function loadMarkers(session: Session, text: string, misses: Misses): MarkerView | null {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), MarkersSchema), text);
  if (parsed.success) {
    const { view, column } = parsed.output;
    if (view === 'spatial' && session.markers.views.includes(view)) return view;
    if (view === 'plot' && parsed.output.shown !== undefined)
      return readShown(session, parsed.output, misses) ? view : null;
    if (column !== undefined && view !== 'spatial') {
      const read = view === 'neighbours' ? readNear : readGroups;
      return read(session, { ...parsed.output, column }, misses) ? view : null;
    }
  }
  misses.add('the markers', text);
  return null;
}

function readShown({ plots: { dots }, markers, bundle }: Session, kept: Kept, misses: Misses): boolean {
  const { shown, genes } = kept;
  if (typeof shown === 'object') {
    const index = dots.columns.find((each) => bundle.columns[each].name === shown.of);
    if (index === undefined) {
      misses.add('the column of a plot', shown.of);
      return false;
    }
    dots.chosen.value = { by: 'column', index };
  } else if (shown) dots.chosen.value = { by: shown };
  readLook(markers, kept);
  markers.typed.value = genes ?? '';
  return true;
}

function readLook({ look }: Markers, { heat, scaled, ordered, similar }: Kept): void {
  look.isHeatMap.value = heat;
  look.isScaled.value = scaled;
  look.isOrdered.value = ordered;
  look.hasSimilarGenes.value = similar;
}

type OfColumn = Kept & { readonly column: string };

function readGroups({ markers, plots }: Session, kept: OfColumn, misses: Misses): boolean {
  const { view, column, key, group, best, genes } = kept;
  const groupings = markers.statistics?.groupings ?? [];
  const [index, others] = findGrouping(groupings, column, key);
  if (index < 0) {
    misses.add('the markers of the column', column, others);
    return false;
  }
  const number = group === undefined ? -1 : groupings[index].categories.indexOf(group);
  if (group !== undefined && number < 0) misses.addCategories(column, [group]);
  markers.choose(index, number < 0 ? null : number);
  if (view === 'plot') {
    markers.plotsBest.value = genes === undefined && markers.isRanked(index);
    markers.typed.value = genes ?? '';
    if (best !== undefined) markers.perGroup.value = best;
    readLook(markers, kept);
    plots.dots.chosen.value = null;
  }
  return true;
}

/** The grouping of a column: with this key of the file, else a computed one, else any. */
function findGrouping(
  groupings: readonly Grouping[],
  column: string,
  key: string | undefined,
): readonly [number, readonly string[]] {
  const exact = groupings.findIndex((each) => each.column === column && each.file?.key === key);
  if (exact >= 0) return [exact, []];
  const { index, similar } = findName([groupings.map((each) => each.column)], column);
  return [index, similar];
}
