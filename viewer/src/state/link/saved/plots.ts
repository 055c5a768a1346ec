import * as v from 'valibot';
import type { Bundle } from '../../../bundle/bundle';
import { findName } from '../../lists/find_name';
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

/** What violins and scatter plots are drawn of, and how. */
export const plotsPart = definePart({
  key: 'plots',
  name: 'the plots',
  schema: v.object({
    violin: v.object({
      values: SubjectSchema,
      by: v.nullable(GroupingSchema),
      split: GroupingSchema,
      zeros: v.boolean(),
      log: v.boolean(),
      violins: v.boolean(),
      boxes: v.boolean(),
      points: v.boolean(),
      order: v.picklist(Object.keys(ORDERS) as (keyof typeof ORDERS)[]),
      widths: v.picklist(Object.keys(WIDTHS) as (keyof typeof WIDTHS)[]),
    }),
    scatter: v.object({ x: SubjectSchema, y: SubjectSchema, log: v.boolean(), coloured: v.boolean() }),
  }),
  save: ({ bundle, plots: { violin, scatter } }) => {
    const by = violin.chosenBy.peek();
    return {
      violin: {
        values: saveSubject(violin.chosen.peek(), bundle),
        by: by && saveGrouping(by, bundle),
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
  load: async ({ bundle, plots: { violin, scatter } }, saved, misses) => {
    const subject = (each: SavedSubject) => findSubject(each, bundle, misses);
    violin.chosen.value = await subject(saved.violin.values);
    const { by, split } = saved.violin;
    violin.chosenBy.value = by && findGrouping(by, bundle, misses);
    violin.split.value = findGrouping(split, bundle, misses) ?? { by: 'nothing' };
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
