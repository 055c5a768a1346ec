import type * as v from 'valibot';
import type { ImageInfo } from '../../bundle';
import type { ImageSchema } from '../../schema';

/** The image of the base layer: it lies under all cells in the first embedding. */
export function imageOfAll(image: v.InferOutput<typeof ImageSchema> | null | undefined): ImageInfo[] {
  if (!image) return [];
  return [{ ...image, placement: image.placement ?? null, embedding: 0, library: '', cells: null }];
}
