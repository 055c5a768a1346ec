import * as v from 'valibot';
import type { Bundle } from '../../bundle/bundle';
import { findName } from '../lists/find_name';
import { isGrouping, type Grouping } from '../plots/engine/groupings';
import type { Subject } from '../plots/engine/subjects';
import { AMOUNTS, SORTS } from '../plots/counts/composition_plot';
import { LOOKS, MOST_BINS } from '../plots/counts/histogram_plot';
import { ORDERS, WIDTHS } from '../plots/violin/violin_plot';
import type { Session } from '../session';
import type { Misses } from './misses';

/** Null: what colours the cells, or nothing yet. */
const SubjectSchema = v.nullable(v.union([v.object({ gene: v.string() }), v.object({ column: v.string() })]));
const GroupingSchema = v.union([
  v.object({ column: v.string() }),
  v.picklist(['nothing', 'groups', 'selection']),
]);
type SavedSubject = v.InferOutput<typeof SubjectSchema>;
type SavedGrouping = v.InferOutput<typeof GroupingSchema>;

const keysOf = <K extends string>(words: Readonly<Record<K, string>>) => Object.keys(words) as K[];

/** What each plot is drawn of, and how. */
const HistogramSchema = v.object({
  values: SubjectSchema,
  by: v.nullable(GroupingSchema),
  bins: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_BINS)),
  log: v.boolean(),
  look: v.picklist(keysOf(LOOKS)),
  selected: v.boolean(),
});
const CompositionSchema = v.object({
  of: v.nullable(GroupingSchema),
  by: v.nullable(GroupingSchema),
  amount: v.picklist(keysOf(AMOUNTS)),
  sort: v.picklist(keysOf(SORTS)),
  selected: v.boolean(),
});
const ViolinSchema = v.object({
  values: SubjectSchema,
  by: v.nullable(GroupingSchema),
  split: GroupingSchema,
  zeros: v.boolean(),
  log: v.boolean(),
  violins: v.boolean(),
  boxes: v.boolean(),
  points: v.boolean(),
  order: v.picklist(keysOf(ORDERS)),
  widths: v.picklist(keysOf(WIDTHS)),
});
const ScatterSchema = v.object({
  x: SubjectSchema,
  y: SubjectSchema,
  log: v.boolean(),
  coloured: v.boolean(),
});

function saveHistogram({ bundle, plots: { histogram } }: Session): v.InferOutput<typeof HistogramSchema> {
  return {
    values: saveSubject(histogram.chosen.value, bundle),
    by: saveGrouping(histogram.by.value, bundle),
    bins: histogram.nBins.value,
    log: histogram.isLog.value,
    look: histogram.look.value,
    selected: histogram.onlySelected.value,
  };
}

async function loadHistogram(
  { bundle, plots: { histogram } }: Session,
  saved: v.InferOutput<typeof HistogramSchema>,
  misses: Misses,
): Promise<void> {
  histogram.chosen.value = await findSubject(saved.values, bundle, misses);
  histogram.by.value = findGrouping(saved.by, bundle, misses) ?? { by: 'nothing' };
  histogram.nBins.value = saved.bins;
  histogram.isLog.value = saved.log;
  histogram.look.value = saved.look;
  histogram.onlySelected.value = saved.selected;
}

function saveComposition({
  bundle,
  plots: { composition },
}: Session): v.InferOutput<typeof CompositionSchema> {
  return {
    of: saveGrouping(composition.chosenOf.value, bundle),
    by: saveGrouping(composition.chosenBy.value, bundle),
    amount: composition.amount.value,
    sort: composition.sort.value,
    selected: composition.onlySelected.value,
  };
}

function loadComposition(
  { bundle, plots: { composition } }: Session,
  saved: v.InferOutput<typeof CompositionSchema>,
  misses: Misses,
): void {
  composition.chosenOf.value = findGrouping(saved.of, bundle, misses);
  composition.chosenBy.value = findGrouping(saved.by, bundle, misses);
  composition.amount.value = saved.amount;
  composition.sort.value = saved.sort;
  composition.onlySelected.value = saved.selected;
}

function saveViolin({ bundle, plots: { violin } }: Session): v.InferOutput<typeof ViolinSchema> {
  return {
    values: saveSubject(violin.chosen.value, bundle),
    by: saveGrouping(violin.chosenBy.value, bundle),
    split: saveGrouping(violin.split.value, bundle),
    zeros: violin.withZeros.value,
    log: violin.isLog.value,
    violins: violin.hasViolins.value,
    boxes: violin.hasBoxes.value,
    points: violin.hasPoints.value,
    order: violin.order.value,
    widths: violin.widths.value,
  };
}

async function loadViolin(
  { bundle, plots: { violin } }: Session,
  saved: v.InferOutput<typeof ViolinSchema>,
  misses: Misses,
): Promise<void> {
  violin.chosen.value = await findSubject(saved.values, bundle, misses);
  violin.chosenBy.value = findGrouping(saved.by, bundle, misses);
  violin.split.value = findGrouping(saved.split, bundle, misses) ?? { by: 'nothing' };
  violin.withZeros.value = saved.zeros;
  violin.isLog.value = saved.log;
  violin.hasViolins.value = saved.violins;
  violin.hasBoxes.value = saved.boxes;
  violin.hasPoints.value = saved.points;
  violin.order.value = saved.order;
  violin.widths.value = saved.widths;
}

function saveScatter({ bundle, plots: { scatter } }: Session): v.InferOutput<typeof ScatterSchema> {
  return {
    x: saveSubject(scatter.x.value, bundle),
    y: saveSubject(scatter.y.value, bundle),
    log: scatter.isLog.value,
    coloured: scatter.isColoured.value,
  };
}

async function loadScatter(
  { bundle, plots: { scatter } }: Session,
  saved: v.InferOutput<typeof ScatterSchema>,
  misses: Misses,
): Promise<void> {
  scatter.x.value = await findSubject(saved.x, bundle, misses);
  scatter.y.value = await findSubject(saved.y, bundle, misses);
  scatter.isLog.value = saved.log;
  scatter.isColoured.value = saved.coloured;
}

/** The plots by the names of their views: links and session files hold the same values. */
export const PLOT_VALUES = {
  histogram: { schema: HistogramSchema, save: saveHistogram, load: loadHistogram },
  composition: { schema: CompositionSchema, save: saveComposition, load: loadComposition },
  violin: { schema: ViolinSchema, save: saveViolin, load: loadViolin },
  scatter: { schema: ScatterSchema, save: saveScatter, load: loadScatter },
} as const;

function saveSubject(subject: Subject | null, { columns }: Bundle): SavedSubject {
  if (subject?.by === 'gene') return { gene: subject.name };
  return subject?.by === 'column' ? { column: columns[subject.index].name } : null;
}

/** Null stays null: such a grouping follows the colours. */
function saveGrouping<G extends Grouping | null>(
  grouping: G,
  { columns }: Bundle,
): SavedGrouping | (null & G) {
  if (grouping === null) return null as null & G;
  return grouping.by === 'column' ? { column: columns[grouping.index].name } : grouping.by;
}

async function findSubject(saved: SavedSubject, bundle: Bundle, misses: Misses): Promise<Subject | null> {
  if (!saved) return null;
  if ('column' in saved) {
    const index = bundle.columns.findIndex(({ name, kind }) => name === saved.column && kind === 'number');
    if (index < 0) misses.add('the plotted column', saved.column);
    return index < 0 ? null : { by: 'column', index };
  }
  const { names, ids } = await bundle.genes();
  const { index, similar } = findName(ids ? [names, ids] : [names], saved.gene);
  if (index < 0) misses.add('the plotted gene', saved.gene, similar);
  return index < 0 ? null : { by: 'gene', index, name: names[index] };
}

function findGrouping(saved: SavedGrouping | null, { columns }: Bundle, misses: Misses): Grouping | null {
  if (saved === null) return null;
  if (typeof saved === 'string') return { by: saved };
  const index = columns.findIndex((info) => info.name === saved.column && isGrouping(info));
  if (index < 0) misses.add('the column of a plot', saved.column);
  return index < 0 ? null : { by: 'column', index };
}
