import * as v from 'valibot';
import type { Bundle } from '../../../bundle/bundle';
import { findName } from '../../lists/find_name';
import { AMOUNTS, SORTS } from '../../plots/counts/composition_plot';
import { LOOKS, MOST_BINS } from '../../plots/counts/histogram_plot';
import { isGrouping, type Grouping } from '../../plots/engine/groupings';
import type { Subject } from '../../plots/engine/subjects';
import { ORDERS, WIDTHS } from '../../plots/violin/violin_plot';
import type { Misses } from '../misses';
import { definePart } from './part';

/** Null: what colours the cells, or nothing yet. */
const SubjectSchema = v.nullable(v.union([v.object({ gene: v.string() }), v.object({ column: v.string() })]));
const GroupingSchema = v.union([
  v.object({ column: v.string() }),
  v.picklist(['nothing', 'groups', 'selection']),
]);
type SavedSubject = v.InferOutput<typeof SubjectSchema>;
type SavedGrouping = v.InferOutput<typeof GroupingSchema>;

const keysOf = <K extends string>(words: Readonly<Record<K, string>>) => Object.keys(words) as K[];
/** Files of earlier pages have these two only in their link, and only of the plot that was open. */
const HistogramSchema = v.object({
  values: SubjectSchema,
  by: GroupingSchema,
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

/** What each plot is drawn of, and how, whether it is open or not. */
export const plotsPart = definePart({
  key: 'plots',
  name: 'the plots',
  schema: v.object({
    histogram: v.optional(HistogramSchema),
    composition: v.optional(CompositionSchema),
    violin: v.object({
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
    }),
    scatter: v.object({ x: SubjectSchema, y: SubjectSchema, log: v.boolean(), coloured: v.boolean() }),
  }),
  save: ({ bundle, plots: { histogram, composition, violin, scatter } }) => {
    const grouping = (each: Grouping | null) => each && saveGrouping(each, bundle);
    return {
      histogram: {
        values: saveSubject(histogram.chosen.peek(), bundle),
        by: saveGrouping(histogram.by.peek(), bundle),
        bins: histogram.nBins.peek(),
        log: histogram.isLog.peek(),
        look: histogram.look.peek(),
        selected: histogram.onlySelected.peek(),
      },
      composition: {
        of: grouping(composition.chosenOf.peek()),
        by: grouping(composition.chosenBy.peek()),
        amount: composition.amount.peek(),
        sort: composition.sort.peek(),
        selected: composition.onlySelected.peek(),
      },
      violin: {
        values: saveSubject(violin.chosen.peek(), bundle),
        by: grouping(violin.chosenBy.peek()),
        split: saveGrouping(violin.split.peek(), bundle),
        zeros: violin.withZeros.peek(),
        log: violin.isLog.peek(),
        violins: violin.hasViolins.peek(),
        boxes: violin.hasBoxes.peek(),
        points: violin.hasPoints.peek(),
        order: violin.order.peek(),
        widths: violin.widths.peek(),
      },
      scatter: {
        x: saveSubject(scatter.x.peek(), bundle),
        y: saveSubject(scatter.y.peek(), bundle),
        log: scatter.isLog.peek(),
        coloured: scatter.isColoured.peek(),
      },
    };
  },
  load: async ({ bundle, plots: { histogram, composition, violin, scatter } }, saved, misses) => {
    const subject = (each: SavedSubject) => findSubject(each, bundle, misses);
    const grouping = (each: SavedGrouping | null) => each && findGrouping(each, bundle, misses);
    if (saved.histogram) {
      const { values, by, bins, log, look, selected } = saved.histogram;
      histogram.chosen.value = await subject(values);
      histogram.by.value = grouping(by) ?? { by: 'nothing' };
      histogram.nBins.value = bins;
      histogram.isLog.value = log;
      histogram.look.value = look;
      histogram.onlySelected.value = selected;
    }
    if (saved.composition) {
      const { of, by, amount, sort, selected } = saved.composition;
      composition.chosenOf.value = grouping(of);
      composition.chosenBy.value = grouping(by);
      composition.amount.value = amount;
      composition.sort.value = sort;
      composition.onlySelected.value = selected;
    }
    violin.chosen.value = await subject(saved.violin.values);
    violin.chosenBy.value = grouping(saved.violin.by);
    violin.split.value = grouping(saved.violin.split) ?? { by: 'nothing' };
    violin.withZeros.value = saved.violin.zeros;
    violin.isLog.value = saved.violin.log;
    violin.hasViolins.value = saved.violin.violins;
    violin.hasBoxes.value = saved.violin.boxes;
    violin.hasPoints.value = saved.violin.points;
    violin.order.value = saved.violin.order;
    violin.widths.value = saved.violin.widths;
    scatter.x.value = await subject(saved.scatter.x);
    scatter.y.value = await subject(saved.scatter.y);
    scatter.isLog.value = saved.scatter.log;
    scatter.isColoured.value = saved.scatter.coloured;
  },
});

function saveSubject(subject: Subject | null, { columns }: Bundle): SavedSubject {
  if (subject?.by === 'gene') return { gene: subject.name };
  return subject?.by === 'column' ? { column: columns[subject.index].name } : null;
}

function saveGrouping(grouping: Grouping, { columns }: Bundle): SavedGrouping {
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

function findGrouping(saved: SavedGrouping, { columns }: Bundle, misses: Misses): Grouping | null {
  if (typeof saved === 'string') return { by: saved };
  const index = columns.findIndex((info) => info.name === saved.column && isGrouping(info));
  if (index < 0) misses.add('the column of a plot', saved.column);
  return index < 0 ? null : { by: 'column', index };
}
