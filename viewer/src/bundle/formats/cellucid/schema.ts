import * as v from 'valibot';
import { Count } from '../../schema';

const Dimension = v.picklist([1, 2, 3]);
const DimensionFiles = v.object({
  '1d': v.optional(v.string()),
  '2d': v.optional(v.string()),
  '3d': v.optional(v.string()),
});

const VectorFieldSchema = v.object({
  label: v.string(),
  available_dimensions: v.array(Dimension),
  files: DimensionFiles,
});

export const IdentitySchema = v.object({
  version: v.literal(2),
  id: v.optional(v.string()),
  name: v.string(),
  // Not checked here: the cells can be shown even if these are invalid.
  description: v.optional(v.unknown()),
  source: v.optional(v.unknown()),
  about: v.optional(v.unknown()),
  created_at: v.optional(v.unknown()),
  arranged: v.optional(v.unknown()),
  overlapping_sections: v.optional(v.unknown()),
  cellucid_data_version: v.optional(v.unknown()),
  stats: v.object({
    n_cells: Count,
    n_genes: v.optional(v.nullable(Count)),
    has_connectivity: v.optional(v.boolean()),
    n_edges: v.optional(v.nullable(Count)),
  }),
  embeddings: v.object({
    available_dimensions: v.pipe(v.array(Dimension), v.minLength(1)),
    default_dimension: Dimension,
    files: DimensionFiles,
  }),
  obs_fields: v.optional(v.array(v.object({ key: v.string(), kind: v.string() }))),
  vector_fields: v.optional(
    v.nullable(
      v.object({
        default_field: v.optional(v.nullable(v.string())),
        // Not copied: a field may have a name that every object inherits.
        fields: v.custom<object>((value) => typeof value === 'object' && value !== null),
      }),
    ),
  ),
});
/** How our exports lay out sections: the embedding as it was called, the column, and the points that it became. */
export const ArrangedSchema = v.object({
  embedding: v.string(),
  column: v.string(),
  dimensions: v.optional(v.array(Dimension)),
});
/** The note of our exports about sections that lie on top of each other, and their column. */
export const OverlapSchema = v.object({ column: v.string(), note: v.string() });
export const VectorFieldsSchema = v.array(v.tuple([v.string(), VectorFieldSchema]));

/** How the values of several files are stored; whole numbers are codes within a range. */
const StoredSchema = v.object({
  pathPattern: v.string(),
  dtype: v.picklist(['float32', 'uint8', 'uint16']),
  quantized: v.optional(v.boolean()),
});

/** `[key]`, or `[key, min, max]`. Further values are ignored. */
const FieldSchema = v.union([v.looseTuple([v.string(), v.number(), v.number()]), v.looseTuple([v.string()])]);

const CentroidsSchema = v.array(v.object({ category: v.string(), position: v.array(v.number()) }));
const CategoricalSchema = v.looseTuple([
  v.string(),
  v.array(v.string()),
  v.picklist(['uint8', 'uint16']),
  Count,
  v.nullish(
    v.object({
      '1': v.optional(CentroidsSchema),
      '2': v.optional(CentroidsSchema),
      '3': v.optional(CentroidsSchema),
    }),
  ),
]);

export const ObsManifestSchema = v.object({
  _format: v.literal('compact_v1'),
  n_points: Count,
  _obsSchemas: v.object({
    continuous: v.nullish(StoredSchema),
    categorical: v.nullish(v.object({ codesPathPattern: v.string() })),
  }),
  _continuousFields: v.optional(v.array(FieldSchema), []),
  _categoricalFields: v.optional(v.array(CategoricalSchema), []),
});

export const VarManifestSchema = v.object({
  _format: v.literal('compact_v1'),
  n_points: Count,
  _varSchema: StoredSchema,
  fields: v.array(FieldSchema),
  /** Names in the index of var, if a column of var names the genes; an addition of karospace-stream. */
  var_gene_ids: v.optional(v.nullable(v.array(v.string()))),
});

export const ConnectivitySchema = v.object({
  format: v.literal('edge_pairs'),
  n_cells: Count,
  n_edges: Count,
  index_dtype: v.picklist(['uint16', 'uint32']),
  sourcesPath: v.string(),
  destinationsPath: v.string(),
});

export type Overlap = v.InferOutput<typeof OverlapSchema>;
export type Arranged = v.InferOutput<typeof ArrangedSchema>;
export type Identity = v.InferOutput<typeof IdentitySchema>;
export type VectorField = v.InferOutput<typeof VectorFieldSchema>;
export type Stored = v.InferOutput<typeof StoredSchema>;
export type Field = v.InferOutput<typeof FieldSchema>;
export type Categorical = v.InferOutput<typeof CategoricalSchema>;
export type ObsManifest = v.InferOutput<typeof ObsManifestSchema>;
export type VarManifest = v.InferOutput<typeof VarManifestSchema>;
