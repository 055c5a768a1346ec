import * as v from 'valibot';
import { Count } from '../../../schema';
import { PartsSchema } from './statistics_schema';

/** Columns of an entry; each is an option of a list in the page. */
const MOST_COLUMNS = 10_000;

export const GeneSetsSchema = v.object({ path: v.string(), n_sets: Count });
export const VarmSchema = v.array(
  v.object({
    key: v.string(),
    dtype: v.literal('float32'),
    n_columns: v.pipe(Count, v.minValue(1), v.maxValue(MOST_COLUMNS)),
    parts: PartsSchema,
  }),
);
/** The document of gene sets. */
export const SetsSchema = v.object({
  sets: v.array(
    v.object({
      name: v.string(),
      source: v.string(),
      genes: v.array(Count),
      n_not_exported: Count,
      n_missing: Count,
      column: v.optional(v.string()),
    }),
  ),
});
