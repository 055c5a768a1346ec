import * as v from 'valibot';
import { PLOT_VALUES } from '../plot_values';
import { definePart } from './part';

const { histogram, composition, violin, scatter } = PLOT_VALUES;

/** What each plot is drawn of, and how, whether it is open or not. */
export const plotsPart = definePart({
  key: 'plots',
  name: 'the plots',
  schema: v.object({
    // Files of earlier pages have these two only in their link, and only of the plot that was open.
    histogram: v.optional(histogram.schema),
    composition: v.optional(composition.schema),
    violin: violin.schema,
    scatter: scatter.schema,
  }),
  save: (session) => ({
    histogram: histogram.save(session),
    composition: composition.save(session),
    violin: violin.save(session),
    scatter: scatter.save(session),
  }),
  load: async (session, saved, misses) => {
    if (saved.histogram) await histogram.load(session, saved.histogram, misses);
    if (saved.composition) composition.load(session, saved.composition, misses);
    await violin.load(session, saved.violin, misses);
    await scatter.load(session, saved.scatter, misses);
  },
});
