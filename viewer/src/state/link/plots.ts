import * as v from 'valibot';
import type { Bundle } from '../../bundle/bundle';
import { findName } from '../lists/find_name';
import { AMOUNTS, SORTS, type Amount, type Sort } from '../plots/counts/composition_plot';
import { LOOKS, MOST_BINS, type Look } from '../plots/counts/histogram_plot';
import { PLOT_VIEWS } from '../plots/drawer';
import { isGrouping, type Grouping } from '../plots/engine/groupings';
import type { Subject } from '../plots/engine/subjects';
import type { Session } from '../session';
import type { Misses } from './misses';

const SubjectSchema = v.union([v.object({ gene: v.string() }), v.object({ column: v.string() })]);
const GroupingSchema = v.union([
  v.object({ column: v.string() }),
  v.picklist(['nothing', 'groups', 'selection']),
]);
const keysOf = <K extends string>(words: Readonly<Record<K, string>>) => Object.keys(words) as K[];
const PlotSchema = v.object({
  view: v.picklist(PLOT_VIEWS),
  /** Of a histogram; without it, what colours the cells. */
  values: v.optional(SubjectSchema),
  by: v.optional(GroupingSchema),
  bins: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_BINS))),
  log: v.optional(v.boolean()),
  look: v.optional(v.picklist(keysOf(LOOKS))),
  /** Parts of a composition; without them, the categories that colour the cells. */
  of: v.optional(GroupingSchema),
  amount: v.optional(v.picklist(keysOf(AMOUNTS))),
  sort: v.optional(v.picklist(keysOf(SORTS))),
  selected: v.optional(v.boolean()),
});
type Saved = v.InferOutput<typeof PlotSchema>;

/** Writes `plot=`, as JSON: the plot of cells that is open, and how it differs from one that was just opened. */
export function writePlot({ drawer, plots, bundle }: Session, link: URLSearchParams): void {
  const view = PLOT_VIEWS.find((each) => each === drawer.open.value);
  if (view === undefined) return;
  let saved: Saved = { view };
  if (view === 'histogram') {
    const { chosen, by, nBins, isLog, look, onlySelected } = plots.histogram;
    saved = {
      view,
      values: saveSubject(chosen.value, bundle),
      by: saveGrouping(by.value, bundle),
      bins: nBins.value,
      log: isLog.value,
      look: look.value,
      selected: onlySelected.value,
    };
  } else if (view === 'composition') {
    const { chosenOf, chosenBy, amount, sort, onlySelected } = plots.composition;
    saved = {
      view,
      of: saveGrouping(chosenOf.value, bundle),
      by: saveGrouping(chosenBy.value, bundle),
      amount: amount.value,
      sort: sort.value,
      selected: onlySelected.value,
    };
  }
  link.set('plot', JSON.stringify(withoutDefaults(saved)));
}

const DEFAULTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['bins', 40],
  ['log', false],
  ['look', 'overlaid'],
  ['amount', 'shares'],
  ['sort', 'legend'],
  ['selected', false],
]);

function withoutDefaults(saved: Saved): Partial<Saved> {
  return Object.fromEntries(Object.entries(saved).filter(([key, value]) => value !== DEFAULTS.get(key)));
}

/** Opens the plot that `plot=` describes. */
export async function readPlot(session: Session, link: URLSearchParams, misses: Misses): Promise<void> {
  const text = link.get('plot');
  if (text === null) return;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), PlotSchema), text);
  if (!parsed.success) return misses.add('the plot', text);
  const { view, values, by, bins, log, look, of, amount, sort, selected } = parsed.output;
  const { plots, bundle, drawer } = session;
  const grouping = (saved: Saved['by']) => findGrouping(saved, bundle, misses);
  if (view === 'histogram') {
    const { histogram } = plots;
    histogram.chosen.value = await findSubject(values, bundle, misses);
    histogram.by.value = grouping(by) ?? { by: 'nothing' };
    histogram.nBins.value = bins ?? 40;
    histogram.isLog.value = log ?? false;
    histogram.look.value = look ?? ('overlaid' satisfies Look);
    histogram.onlySelected.value = selected ?? false;
  } else if (view === 'composition') {
    const { composition } = plots;
    composition.chosenOf.value = grouping(of);
    composition.chosenBy.value = grouping(by);
    composition.amount.value = amount ?? ('shares' satisfies Amount);
    composition.sort.value = sort ?? ('legend' satisfies Sort);
    composition.onlySelected.value = selected ?? false;
  }
  drawer.open.value = view;
}

function saveSubject(subject: Subject | null, { columns }: Bundle): Saved['values'] {
  if (subject?.by === 'gene') return { gene: subject.name };
  return subject?.by === 'column' ? { column: columns[subject.index].name } : undefined;
}

function saveGrouping(grouping: Grouping | null, { columns }: Bundle): Saved['by'] {
  return grouping?.by === 'column' ? { column: columns[grouping.index].name } : grouping?.by;
}

async function findSubject(saved: Saved['values'], bundle: Bundle, misses: Misses): Promise<Subject | null> {
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

function findGrouping(saved: Saved['by'], { columns }: Bundle, misses: Misses): Grouping | null {
  if (saved === undefined || typeof saved === 'string') return saved === undefined ? null : { by: saved };
  const index = columns.findIndex((info) => info.name === saved.column && isGrouping(info));
  if (index < 0) misses.add('the column of a plot', saved.column);
  return index < 0 ? null : { by: 'column', index };
}
