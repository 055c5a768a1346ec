import * as v from 'valibot';
import { DTYPES } from '../../../../bytes/numbers';
import { Count, ImageSchema } from '../../../schema';
import { MarkersOfFileSchema } from './file_markers_schema';
import { NeighbourhoodsSchema } from './neighbourhoods_schema';
import { CoarseSchema, OrderSchema } from './order/schema';
import { PartsSchema, StatisticsSchema, type PartSchema } from './statistics_schema';
import { ClassicSchema, PackedSchema } from './genes/schema';
import { GeneSetsSchema, VarmSchema } from './gene_facts_schema';
import { TISSUE } from './tissue/schema';

const EmbeddingSchema = v.object({
  key: v.string(),
  label: v.string(),
  source: v.string(),
  dims: v.picklist([1, 2, 3]),
  dtype: v.literal('float32'),
  y_axis: v.picklist(['up', 'down']),
  arranged: v.optional(v.object({ column: v.string() })),
  spot_diameter: v.optional(v.nullable(v.number())),
  spot_shape: v.optional(v.string()),
  spot_angle: v.optional(v.nullable(v.number())),
  microns_per_unit: v.optional(v.nullable(v.number())),
  origin: v.array(v.number()),
  // Null if no cell has coordinates.
  minimum: v.array(v.nullable(v.number())),
  maximum: v.array(v.nullable(v.number())),
  parts: PartsSchema,
  coarse: v.optional(CoarseSchema),
});

const ColumnSchema = v.variant('kind', [
  v.object({
    name: v.string(),
    kind: v.literal('category'),
    dtype: v.picklist(['uint8', 'uint16', 'uint32']),
    missing: Count,
    categories: v.array(v.string()),
    colors: v.optional(v.array(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i)))),
    parts: PartsSchema,
  }),
  v.object({
    name: v.string(),
    kind: v.literal('number'),
    dtype: v.picklist(DTYPES),
    parts: PartsSchema,
  }),
  v.object({
    name: v.string(),
    kind: v.literal('bool'),
    dtype: v.literal('uint8'),
    missing: Count,
    parts: PartsSchema,
  }),
  v.object({ name: v.string(), kind: v.literal('string'), parts: PartsSchema }),
]);

const GraphSchema = v.object({
  key: v.string(),
  n_edges: Count,
  dtype: v.picklist(['uint16', 'uint32']),
  sources: PartsSchema,
  targets: PartsSchema,
});

const VectorSchema = v.object({
  key: v.string(),
  label: v.string(),
  embedding: Count,
  dims: v.picklist([1, 2, 3]),
  dtype: v.literal('float32'),
  parts: PartsSchema,
});

const CellsImageSchema = v.object({
  ...ImageSchema.entries,
  library: v.string(),
  column: v.nullable(v.string()),
  category: v.nullable(v.string()),
  embedding: Count,
});

const SumsSchema = v.object({
  path: v.string(),
  size_bytes: Count,
  columns: v.array(v.string()),
  matrix: v.string(),
  n_combinations: Count,
});

export const AtlasSchema = v.object({
  format: v.literal('karospace-stream'),
  /** 2 is the packed layout. */
  version: v.picklist([1, 2]),
  dataset_name: v.string(),
  n_cells: Count,
  n_genes: Count,
  cell_ids: v.object({ parts: PartsSchema }),
  embeddings: v.pipe(v.array(EmbeddingSchema), v.minLength(1)),
  columns: v.array(ColumnSchema),
  genes: v.object({
    table: v.object({ path: v.string(), size_bytes: Count }),
    expression: v.union([PackedSchema, ClassicSchema]),
  }),
  graph: v.optional(v.nullable(GraphSchema)),
  vectors: v.optional(v.array(VectorSchema), []),
  statistics: v.optional(StatisticsSchema),
  markers_of_file: v.optional(MarkersOfFileSchema, []),
  neighbourhoods: v.optional(NeighbourhoodsSchema),
  gene_sets: v.optional(GeneSetsSchema),
  varm: v.optional(VarmSchema, []),
  pseudobulk: v.optional(SumsSchema),
  ...TISSUE,
  order: v.optional(OrderSchema),
  image: v.optional(ImageSchema),
  images: v.optional(v.array(CellsImageSchema), []),
  notes: v.optional(v.array(v.string()), []),
  overlapping_sections: v.optional(v.object({ column: v.string(), note: Count })),
  preview_path: v.optional(v.string()),
  // Not checked here: the cells can be shown even if it is invalid.
  about: v.optional(v.unknown()),
  created_at: v.optional(v.unknown()),
  generator: v.optional(v.unknown()),
});

export const ReportSchema = v.object({
  left_out: v.optional(
    v.array(v.object({ part: v.string(), reason: v.string(), way_out: v.string(), by_user: v.boolean() })),
  ),
});

export const GeneTableSchema = v.object({
  name: v.array(v.string()),
  /** Names in the index of var, if a column of var names the genes. */
  id: v.optional(v.nullable(v.array(v.string()))),
  /** How the exported genes were found to be the most variable: columns of var as scanpy calls them. */
  variable: v.optional(
    v.object({
      flavor: v.string(),
      columns: v.record(v.string(), v.array(v.nullable(v.union([v.number(), v.boolean()])))),
    }),
  ),
  /** Groups of genes, and the number of the group of each. */
  groups: v.optional(v.object({ names: v.array(v.string()), codes: v.array(Count) })),
});

export type Atlas = v.InferOutput<typeof AtlasSchema>;
export type AtlasColumn = Atlas['columns'][number];
export type Part = v.InferOutput<typeof PartSchema>;
