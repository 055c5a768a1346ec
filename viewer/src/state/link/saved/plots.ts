import * as v from 'valibot';
import {
  CompositionSchema,
  HistogramSchema,
  loadComposition,
  loadHistogram,
  loadScatter,
  loadViolin,
  saveComposition,
  saveHistogram,
  saveScatter,
  saveViolin,
  ScatterSchema,
  ViolinSchema,
} from '../plot_values';
import { definePart } from './part';

/** What each plot is drawn of, and how, whether it is open or not. */
export const plotsPart = definePart({
  key: 'plots',
  name: 'the plots',
  schema: v.object({
    // Files of earlier pages have these two only in their link, and only of the plot that was open.
    histogram: v.optional(HistogramSchema),
    composition: v.optional(CompositionSchema),
    violin: ViolinSchema,
    scatter: ScatterSchema,
  }),
  save: (session) => ({
    histogram: saveHistogram(session),
    composition: saveComposition(session),
    violin: saveViolin(session),
    scatter: saveScatter(session),
  }),
  load: async (session, { histogram, composition, violin, scatter }, misses) => {
    if (histogram) await loadHistogram(session, histogram, misses);
    if (composition) loadComposition(session, composition, misses);
    await loadViolin(session, violin, misses);
    await loadScatter(session, scatter, misses);
  },
});
