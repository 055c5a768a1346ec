import * as v from 'valibot';
import { Count } from '../../../../schema';
import { PartsSchema } from '../statistics_schema';

/** The order of the cells. See docs/formats/packed.md. */
export const OrderSchema = v.object({
  levels: v.pipe(v.array(Count), v.minLength(2)),
  rows: v.object({ dtype: v.literal('uint32'), parts: PartsSchema }),
  blocks: v.object({ size: v.pipe(Count, v.minValue(1)), path: v.string(), size_bytes: Count }),
});
export const CoarseSchema = v.object({ dtype: v.literal('uint16'), parts: PartsSchema });
export type OrderEntry = v.InferOutput<typeof OrderSchema>;
