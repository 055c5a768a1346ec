import * as v from 'valibot';
import { Count } from '../../../schema';
import { PartsSchema } from './statistics_schema';

/** The program writes at most a thousand; each is an option of a list in the page. */
const MOST_GROUPS = 2_000;

const FileSchema = v.object({ path: v.string(), size_bytes: Count });

const GroupingSchema = v.object({
  column: v.string(),
  categories: v.pipe(v.array(v.string()), v.maxLength(MOST_GROUPS)),
  enrichment: FileSchema,
  co_occurrence: v.optional(
    v.object({
      ...FileSchema.entries,
      distances: v.pipe(v.array(v.number()), v.minLength(2)),
      n_cells: Count,
    }),
  ),
});

export const NeighbourhoodsSchema = v.object({
  graph: v.string(),
  permutations: v.optional(Count),
  seed: v.optional(Count),
  genes: v.object({
    columns: v.array(v.object({ name: v.string(), dtype: v.picklist(['uint32', 'float32', 'float64']) })),
    parts: PartsSchema,
  }),
  groupings: v.pipe(v.array(GroupingSchema), v.maxLength(MOST_GROUPS)),
});

export type NeighbourhoodsEntry = v.InferOutput<typeof NeighbourhoodsSchema>;
