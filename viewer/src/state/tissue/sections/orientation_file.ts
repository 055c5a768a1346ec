import * as v from 'valibot';
import { ViewerError } from '../../../bytes/errors';
import { wrongValue } from '../../texts/wrong_value';
import type { Orientation } from './orientation';
import type { SectionsState } from './sections';

const FORMAT = 'karospace-orientations';
export const ORIENTATIONS_ENDING = '.karospace-orientations.json';

export const OrientationSchema = v.object({
  degrees: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(359)),
  flipped: v.boolean(),
});
/** A section and how it is shown. The name is null for the cells without a section. */
export const NamedOrientationsSchema = v.array(
  v.object({ section: v.nullable(v.string()), ...OrientationSchema.entries }),
);
export type NamedOrientations = v.InferOutput<typeof NamedOrientationsSchema>;

const FileSchema = v.object({
  format: v.literal(FORMAT),
  version: v.literal(1),
  column: v.string(),
  orientations: NamedOrientationsSchema,
});

/** The orientations under the names of the sections. */
export function namedOrientations({ info, orientations }: SectionsState): NamedOrientations {
  const entries = [...orientations.value].sort(([one], [other]) => one - other);
  return entries.map(([section, { degrees, flipped }]) => ({
    section: info?.items[section]?.name ?? null,
    degrees,
    flipped,
  }));
}

/** Replaces all orientations. Returns the names that the bundle does not have. */
export function setOrientations(state: SectionsState, named: NamedOrientations): readonly (string | null)[] {
  const numbers = new Map(state.info?.items.map(({ name }, section) => [name, section]));
  const all = new Map<number, Orientation>();
  const unknown: (string | null)[] = [];
  for (const { section, degrees, flipped } of named) {
    const number = numbers.get(section);
    if (number === undefined) unknown.push(section);
    else if (degrees !== 0 || flipped) all.set(number, { degrees, flipped });
  }
  const before = state.orientations.peek();
  // The same map where nothing changes, which is then no step to undo.
  if (JSON.stringify([...before]) !== JSON.stringify([...all])) state.orientations.value = all;
  return unknown;
}

/** The text of a file of orientations. */
export function writeOrientations(state: SectionsState): string {
  const orientations = namedOrientations(state);
  const file = { format: FORMAT, version: 1, column: state.info?.column ?? '', orientations };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** Replaces all orientations by those of a file. Returns the names that the bundle does not have. */
export function readOrientations(state: SectionsState, text: string): readonly (string | null)[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const result = v.safeParse(FileSchema, json, { abortEarly: true });
  if (result.success) return setOrientations(state, result.output.orientations);
  throw new ViewerError(
    `This is no file of orientations: ${wrongValue(result.issues[0], 'the file')}.`,
    `Nothing was changed. Open a file that “Save orientations” has saved; its name ends with ${ORIENTATIONS_ENDING}.`,
  );
}
