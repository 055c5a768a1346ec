import * as v from 'valibot';
import { ViewerError } from '../bytes/errors';

export const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const PlacementSchema = v.object({
  scale_x: v.number(),
  scale_y: v.number(),
  offset_x: v.number(),
  offset_y: v.number(),
});

export const ImageSchema = v.object({
  path: v.string(),
  width: Count,
  height: Count,
  placement: v.optional(PlacementSchema),
});

/** Validates the contents of a file; an error names the path within it and the expected value. */
export function check<S extends v.GenericSchema>(schema: S, value: unknown, path: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const place = v.getDotPath(issue);
  throw new ViewerError(
    `In ${path}${place ? `, at ${place}` : ''}: must be ${issue.expected ?? 'another value'}, not ${issue.received}.`,
    'The file is damaged, or needs a newer viewer: use the index.html of the export.',
  );
}
