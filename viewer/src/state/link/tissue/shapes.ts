import * as v from 'valibot';
import { ShapeLook } from '../../drawing/shape_look';
import type { Session } from '../../session';
import { missed, type Misses } from '../misses';

const ShapesSchema = v.object({
  /** The name of a set; null for none. */
  set: v.optional(v.nullable(v.string())),
  opacity: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  outlines: v.optional(v.boolean()),
});
/** As a page has them that was just opened. */
const USUAL = new ShapeLook();

/** Writes `shapes=`, as JSON: which boundaries of cells are drawn, and how, where that was changed. */
export function writeShapes({ bundle, appearance: { shapes } }: Session, link: URLSearchParams): void {
  const sets = bundle.tissue?.shapes ?? [];
  const [shown, opacity, outlines] = [shapes.shown.value, shapes.opacity.value, shapes.hasOutlines.value];
  const changed = {
    ...(shown !== USUAL.shown.value && { set: shown === null ? null : sets[shown]?.name }),
    ...(opacity !== USUAL.opacity.value && { opacity }),
    ...(outlines !== USUAL.hasOutlines.value && { outlines }),
  };
  if (sets.length > 0 && Object.keys(changed).length > 0) link.set('shapes', JSON.stringify(changed));
}

/** Draws boundaries as the link says. */
export function readShapes(session: Session, link: URLSearchParams, misses: Misses): void {
  const { shapes } = session.appearance;
  const sets = session.bundle.tissue?.shapes ?? [];
  const text = link.get('shapes');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ShapesSchema), text ?? '{}');
  if (text !== null && (!parsed.success || sets.length === 0)) missed(misses, link, 'shapes', 'the shapes');
  const { set, opacity, outlines } = parsed.success ? parsed.output : {};
  const number = typeof set === 'string' ? sets.findIndex(({ name }) => name === set) : -1;
  if (typeof set === 'string' && number < 0 && sets.length > 0) misses.add('the shapes', set);
  shapes.shown.value = set === null ? null : number < 0 ? USUAL.shown.value : number;
  shapes.opacity.value = opacity ?? USUAL.opacity.value;
  shapes.hasOutlines.value = outlines ?? USUAL.hasOutlines.value;
}
