import * as v from 'valibot';
import { Count } from '../../../schema';

// Not v.record: an element may be called __proto__, which JSON.parse keeps and a copy would lose.
const Documents = v.pipe(
  v.instance(Object),
  v.check((value) => !Array.isArray(value)),
  v.transform((value) => value as Readonly<Record<string, unknown>>),
);

export const ConsolidatedV2Schema = v.object({ metadata: Documents });

export const GroupV3Schema = v.object({
  zarr_format: v.literal(3),
  node_type: v.literal('group'),
  consolidated_metadata: v.nullish(v.object({ metadata: Documents })),
});

export const NodeSchema = v.object({ node_type: v.picklist(['array', 'group']) });

const Chunk = v.array(v.pipe(Count, v.minValue(1)));
const CodecV2 = v.looseObject({ id: v.string() });

export const ArrayV2Schema = v.object({
  shape: v.array(Count),
  chunks: Chunk,
  dtype: v.string(),
  filters: v.nullish(v.array(CodecV2)),
  compressor: v.nullish(CodecV2),
});

export const ArrayV3Schema = v.object({
  node_type: v.literal('array'),
  shape: v.array(Count),
  data_type: v.string(),
  chunk_grid: v.object({ name: v.literal('regular'), configuration: v.object({ chunk_shape: Chunk }) }),
  codecs: v.array(
    v.object({
      name: v.string(),
      configuration: v.optional(
        v.looseObject({ chunk_shape: v.optional(Chunk), index_location: v.optional(v.literal('end')) }),
      ),
    }),
  ),
});

/** Attributes that anndata gives a data frame. */
export const FrameSchema = v.object({ _index: v.string(), 'column-order': v.array(v.string()) });
export const ShapeSchema = v.object({ shape: v.tuple([Count, Count]) });
