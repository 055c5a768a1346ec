import { applyLegend, legendEntries, LegendSchema, linkedLegend } from '../legend';
import { definePart } from './part';

export const legendPart = definePart({
  key: 'legend',
  name: 'names and colours of categories',
  schema: LegendSchema,
  save: (session) => legendEntries(session),
  load: (session, entries, misses) => applyLegend(session, entries, misses),
  notInLink: (session) => linkedLegend(session).leftOut.map((column) => `names and colours of “${column}”`),
});
