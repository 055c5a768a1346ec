import * as v from 'valibot';
import { Count } from '../../../../schema';

/** A file, or several, for each gene. */
export const ClassicSchema = v.object({
  dtype: v.literal('float32'),
  path: v.string(),
  gene_digits: Count,
  part_digits: Count,
  cuts: v.array(Count),
});

/** Genes without zeros, many in one file. See docs/formats/packed.md. */
export const PackedSchema = v.object({
  encoding: v.literal('gaps'),
  dtype: v.picklist(['float32', 'uint16', 'uint8']),
  index: v.object({ path: v.string() }),
  shards: v.array(v.object({ path: v.string(), start: Count, end: Count })),
});

export type Classic = v.InferOutput<typeof ClassicSchema>;
export type Packed = v.InferOutput<typeof PackedSchema>;
