import * as v from 'valibot';
import { DTYPES } from '../../../../../bytes/numbers';
import { Count } from '../../../../schema';
import { PartsSchema } from '../statistics_schema';

const Pair = v.tuple([v.number(), v.number()]);
const FileSchema = v.object({ path: v.string(), size_bytes: Count });
const Color = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i));

/** The program writes no more; each is a panel of the page. */
const MOST_SECTIONS = 100_000;

export const SectionsSchema = v.object({
  column: v.string(),
  embedding: Count,
  rows: v.optional(v.object({ dtype: v.picklist(DTYPES), parts: PartsSchema })),
  first_column: v.nullable(Count),
  metadata: v.array(
    v.object({
      name: v.string(),
      values: v.array(v.nullable(v.union([v.string(), v.number(), v.boolean()]))),
    }),
  ),
  items: v.pipe(
    v.array(
      v.object({
        name: v.nullable(v.string()),
        start: Count,
        end: Count,
        n_placed: Count,
        minimum: v.nullable(Pair),
        maximum: v.nullable(Pair),
        points: FileSchema,
      }),
    ),
    v.maxLength(MOST_SECTIONS),
  ),
});

const SLIDE = {
  name: v.string(),
  section: v.nullable(Count),
  embedding: Count,
  width: Count,
  height: Count,
  tile: Count,
  to_pixel: v.nullable(v.tuple([v.number(), v.number(), v.number(), v.number(), v.number(), v.number()])),
  microns_per_pixel: v.optional(v.nullable(v.number())),
  levels: v.pipe(v.array(v.object({ width: Count, height: Count })), v.minLength(1)),
};
const CHANNEL = { name: v.string(), color: Color, window: Pair, range: Pair };

export const SlideSchema = v.variant('kind', [
  v.object({ ...SLIDE, kind: v.literal('rgb'), path: v.string() }),
  v.object({
    ...SLIDE,
    kind: v.literal('channels'),
    dtype: v.picklist(['uint8', 'uint16', 'float32']),
    channels: v.array(v.object({ ...CHANNEL, path: v.string() })),
  }),
  v.object({
    ...SLIDE,
    kind: v.literal('ome-zarr'),
    url: v.string(),
    channels: v.array(v.object(CHANNEL)),
  }),
]);

export const ShapesSchema = v.object({
  name: v.string(),
  embedding: Count,
  n_shapes: Count,
  n_vertices: Count,
  are_cells: v.boolean(),
  index: FileSchema,
  packs: v.array(FileSchema),
});

export const TranscriptsSchema = v.object({
  embedding: Count,
  n: Count,
  minimum: Pair,
  maximum: Pair,
  genes: FileSchema,
  packs: v.array(FileSchema),
});

/** The keys of `atlas.json` about a tissue. */
export const TISSUE = {
  sections: v.optional(SectionsSchema),
  slides: v.optional(v.array(SlideSchema), []),
  shapes: v.optional(v.array(ShapesSchema), []),
  transcripts: v.optional(TranscriptsSchema),
};
