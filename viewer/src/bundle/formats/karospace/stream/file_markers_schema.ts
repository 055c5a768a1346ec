import * as v from 'valibot';
import { Count } from '../../../schema';
import { PartsSchema } from './statistics_schema';

const MOST_ENTRIES = 1_000;
const MOST_GROUPS = 10_000;
const Text = v.nullable(v.string());
const File = v.object({ path: v.string() });

/** Columns of a ranking, and their types. */
export const FILE_COLUMNS = {
  gene: 'uint32',
  score: 'float32',
  log_fold_change: 'float32',
  p_value: 'float64',
  adjusted_p_value: 'float64',
  share: 'float32',
  share_outside: 'float32',
} as const;

const ColumnSchema = v.variant('name', [
  v.object({ name: v.literal('gene'), dtype: v.literal(FILE_COLUMNS.gene) }),
  v.object({ name: v.literal('score'), dtype: v.literal(FILE_COLUMNS.score) }),
  v.object({ name: v.literal('log_fold_change'), dtype: v.literal(FILE_COLUMNS.log_fold_change) }),
  v.object({ name: v.literal('p_value'), dtype: v.literal(FILE_COLUMNS.p_value) }),
  v.object({ name: v.literal('adjusted_p_value'), dtype: v.literal(FILE_COLUMNS.adjusted_p_value) }),
  v.object({ name: v.literal('share'), dtype: v.literal(FILE_COLUMNS.share) }),
  v.object({ name: v.literal('share_outside'), dtype: v.literal(FILE_COLUMNS.share_outside) }),
]);

const FileMarkersSchema = v.object({
  key: v.string(),
  column: Text,
  method: Text,
  reference: Text,
  params: v.record(
    v.string(),
    v.nullable(v.union([v.string(), v.number(), v.boolean(), v.array(v.string())])),
  ),
  columns: v.array(ColumnSchema),
  n_not_exported: Count,
  rankings: v.pipe(v.array(v.object({ group: v.string(), parts: PartsSchema })), v.maxLength(MOST_GROUPS)),
  best: File,
  other_genes: v.optional(File),
});

export const MarkersOfFileSchema = v.pipe(v.array(FileMarkersSchema), v.maxLength(MOST_ENTRIES));

const Value = v.nullable(v.number());

export const BestOfFileSchema = v.object({
  groups: v.array(
    v.object({
      group: Count,
      genes: v.array(Count),
      scores: v.array(Value),
      log_fold_changes: v.optional(v.array(Value)),
      adjusted_p_values: v.optional(v.array(Value)),
    }),
  ),
});

export const OtherGenesSchema = v.array(v.string());

export type FileMarkersEntry = v.InferOutput<typeof FileMarkersSchema>;
