import * as v from 'valibot';
import { PLOT_VIEWS, type ViewId } from '../plots/drawer';
import type { Session } from '../session';
import type { Misses } from './misses';
import { PLOT_VALUES } from './plot_values';
import { comparePart, linkedComparison } from './saved/compare';

const VIEWS = [...PLOT_VIEWS, 'compare'] as const;
const PlotSchema = v.object({
  view: v.picklist(VIEWS),
  ...v.partial(
    v.object({
      ...PLOT_VALUES.histogram.schema.entries,
      ...PLOT_VALUES.composition.schema.entries,
      ...PLOT_VALUES.violin.schema.entries,
      ...PLOT_VALUES.scatter.schema.entries,
    }),
  ).entries,
  /** As in a session file. */
  compare: v.optional(v.unknown()),
});

/** What a plot has that was just opened. */
const DEFAULTS = {
  values: null,
  by: null,
  bins: 40,
  log: false,
  look: 'overlaid',
  selected: false,
  of: null,
  amount: 'shares',
  sort: 'legend',
  split: 'nothing',
  zeros: true,
  violins: true,
  boxes: true,
  points: false,
  order: 'data',
  widths: 'equal',
  x: null,
  y: null,
  coloured: false,
} as const;
const USUAL: ReadonlyMap<string, unknown> = new Map<string, unknown>(Object.entries(DEFAULTS));

/** Writes `plot=`, as JSON: the plot of cells or comparison that is open, and how it differs from one that was just opened. */
export function writePlot(session: Session, link: URLSearchParams): void {
  const open = session.drawer.open.value;
  const plot = open === null ? null : linkedPlot(session, open);
  if (plot) link.set('plot', JSON.stringify(plot));
}

/** What a link says of an open plot of cells or comparison; null if it is none. */
export function linkedPlot(session: Session, open: ViewId): object | null {
  const view = VIEWS.find((each) => each === open);
  return view === undefined ? null : { view, ...chosen(session, view) };
}

function chosen(session: Session, view: (typeof VIEWS)[number]): object {
  if (view === 'compare') return { compare: linkedComparison(session) };
  const all = Object.entries<unknown>(PLOT_VALUES[view].save(session));
  return Object.fromEntries(all.filter(([key, value]) => value !== USUAL.get(key)));
}

/** Opens the plot that `plot=` describes. */
export async function readPlot(session: Session, link: URLSearchParams, misses: Misses): Promise<void> {
  const text = link.get('plot');
  const view = text === null ? null : await loadPlot(session, text, misses);
  if (view) session.drawer.open.value = view;
}

/** Chooses what a link says of a plot, as JSON. The view to open; null if the link says none. */
export async function loadPlot(session: Session, text: string, misses: Misses): Promise<ViewId | null> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), PlotSchema), text);
  if (!parsed.success) {
    misses.add('the plot', text);
    return null;
  }
  const { view, compare } = parsed.output;
  const saved = { ...DEFAULTS, ...parsed.output };
  if (view === 'histogram') await PLOT_VALUES.histogram.load(session, saved, misses);
  else if (view === 'composition') PLOT_VALUES.composition.load(session, saved, misses);
  else if (view === 'violin') await PLOT_VALUES.violin.load(session, saved, misses);
  else if (view === 'scatter') await PLOT_VALUES.scatter.load(session, saved, misses);
  else if (compare !== undefined) {
    try {
      await (
        await comparePart.read(session, compare, true)
      )(misses);
    } catch {
      misses.add('the plot', text);
      return null;
    }
  }
  return view;
}
