import * as v from 'valibot';
import { Count, ImageSchema } from '../../../schema';

/** The manifest of schema 1.0.0; unknown keys and kinds are ignored. */
export const ManifestSchema = v.object({
  schema_version: v.pipe(v.string(), v.regex(/^1\./, 'a schema version of the form 1.x')),
  dataset_name: v.string(),
  n_cells: Count,
  coordinate_source: v.string(),
  annotation_columns: v.array(v.string()),
  gene_list: v.array(v.string()),
  asset_files: v.array(v.object({ kind: v.string(), path: v.string(), size_bytes: Count })),
  expression: v.object({
    genes: v.array(
      v.object({
        gene: v.string(),
        index: Count,
        chunks: v.array(v.object({ path: v.string(), start: Count, end: Count, size_bytes: Count })),
      }),
    ),
  }),
  preview_path: v.optional(v.nullable(v.string())),
  image: v.optional(v.nullable(ImageSchema)),
});

export const CoordinatesSchema = v.array(
  v.object({ cell_id: v.string(), x: v.nullable(v.number()), y: v.nullable(v.number()) }),
);

// Not v.record: a column may be called __proto__, which JSON.parse keeps and a copy would lose.
export const RecordsSchema = v.array(
  v.custom<object>((value) => typeof value === 'object' && value !== null),
);

export type Manifest = v.InferOutput<typeof ManifestSchema>;
