import * as v from 'valibot';
import type { Bundle } from '../../../bundle/bundle';
import type { Region } from './region';

const PointSchema = v.tuple([v.pipe(v.number(), v.finite()), v.pipe(v.number(), v.finite())]);
/** A region in a file, whose embedding and section have names. `section` is absent for cells of all sections. */
export const RegionSchema = v.object({
  embedding: v.string(),
  section: v.optional(v.nullable(v.string())),
  polygons: v.array(v.array(v.pipe(v.array(PointSchema), v.minLength(3)))),
});
export type SavedRegion = v.InferInput<typeof RegionSchema>;

export function saveRegion(
  { embedding, section, polygons }: Region,
  bundle: Pick<Bundle, 'embeddings' | 'tissue'>,
): SavedRegion {
  const saved = {
    embedding: bundle.embeddings[embedding].key,
    polygons: polygons.map((polygon) =>
      polygon.map((ring) => ring.map(([x, y]): [number, number] => [x, y])),
    ),
  };
  if (section === null) return saved;
  return { ...saved, section: bundle.tissue?.sections?.items[section].name ?? null };
}

/** Null if the bundle lacks its embedding or its section. */
export function readRegion(saved: v.InferOutput<typeof RegionSchema>, bundle: Bundle): Region | null {
  const embedding = bundle.embeddings.findIndex(({ key }) => key === saved.embedding);
  if (embedding < 0) return null;
  if (saved.section === undefined) return { embedding, section: null, polygons: saved.polygons };
  const items = bundle.tissue?.sections?.items ?? [];
  const section = items.findIndex(({ name }) => name === saved.section);
  return section < 0 ? null : { embedding, section, polygons: saved.polygons };
}
