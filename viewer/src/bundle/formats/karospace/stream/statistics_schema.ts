import * as v from 'valibot';
import { Count } from '../../../schema';
import { TESTS } from '../../../statistics';

export const PartSchema = v.object({ path: v.string(), start: Count, end: Count, size_bytes: Count });
export const PartsSchema = v.array(PartSchema);

/** The program writes at most a thousand; each is an option of a list in the page. */
const MOST_GROUPS = 10_000;

const GroupingSchema = v.object({
  column: v.string(),
  categories: v.pipe(v.array(v.string()), v.maxLength(MOST_GROUPS)),
  n_cells: v.array(Count),
  n_without: Count,
  reference: v.nullable(Count),
  means: PartsSchema,
  shares: PartsSchema,
  variances: PartsSchema,
  best: v.optional(v.object({ path: v.string() })),
  rankings: v.optional(v.array(v.object({ group: Count, parts: PartsSchema })), []),
  n_ranked: v.optional(Count),
  too_small: v.optional(v.array(Count), []),
});

export const StatisticsSchema = v.object({
  test: v.picklist(TESTS),
  tie_correct: v.optional(v.boolean()),
  columns: v.optional(
    v.array(v.object({ name: v.string(), dtype: v.picklist(['uint32', 'float32', 'float64']) })),
    [],
  ),
  groupings: v.pipe(v.array(GroupingSchema), v.maxLength(MOST_GROUPS)),
});

const Value = v.nullable(v.number());

export const BestSchema = v.object({
  groups: v.array(
    v.object({
      group: Count,
      genes: v.array(Count),
      scores: v.array(Value),
      log_fold_changes: v.array(Value),
      adjusted_p_values: v.array(Value),
    }),
  ),
});

export type StatisticsEntry = v.InferOutput<typeof StatisticsSchema>;
export type GroupingEntry = StatisticsEntry['groupings'][number];
