import * as v from 'valibot';
import { ViewerError } from '../../../bytes/errors';
import { LONGEST_NAME, type Group } from '../groups';
import type { Frame } from './frames';
import type { Point, Polygon, Region, Ring } from './region';

/** More would freeze the page. */
const MOST_FEATURES = 20_000;

const PointSchema = v.pipe(v.array(v.number()), v.minLength(2));
const RingSchema = v.array(PointSchema);
const PolygonSchema = v.array(RingSchema);
const ShapeSchema = v.variant('type', [
  v.object({ type: v.literal('Polygon'), coordinates: PolygonSchema }),
  v.object({ type: v.literal('MultiPolygon'), coordinates: v.array(PolygonSchema) }),
]);
const FeatureSchema = v.object({
  type: v.literal('Feature'),
  geometry: v.nullable(v.looseObject({ type: v.string() })),
  properties: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
});
type Feature = v.InferOutput<typeof FeatureSchema>;

/** Regions with the names and colours of a file. */
export interface NamedRegion {
  readonly name: string;
  /** Null if the file has none. */
  readonly color: string | null;
  readonly region: Region;
}

export interface FoundRegions {
  readonly regions: readonly NamedRegion[];
  /** Shapes that are no polygons, such as points. */
  readonly nOthers: number;
}

/** Whether a text is GeoJSON, and not JSON of another kind. */
export function isGeoJson(text: string): boolean {
  return /"type"\s*:\s*"Feature/.test(text) && /^\s*[[{]/.test(text);
}

/** The outlines of groups as annotations of QuPath. `nameOf` names sections. */
export function regionsGeoJson(
  groups: readonly Group[],
  frame: Frame,
  nameOf: (section: number) => string | null,
): { readonly text: string; readonly leftOut: readonly string[] } {
  const features: object[] = [];
  const leftOut: string[] = [];
  for (const { name, color, region } of groups) {
    if (!region) continue;
    const isElsewhere = frame.section !== null && region.section !== null && region.section !== frame.section;
    if (region.embedding !== frame.embedding || isElsewhere) {
      leftOut.push(name);
      continue;
    }
    const section = region.section === null ? {} : { section: nameOf(region.section) };
    const polygons = region.polygons.map((polygon) =>
      polygon.map((ring) => closed(ring.map((point) => frame.toFile(point)))),
    );
    const geometry =
      polygons.length === 1
        ? { type: 'Polygon', coordinates: polygons[0] }
        : { type: 'MultiPolygon', coordinates: polygons };
    const classification = { name, color: numbersOf(color) };
    const properties = { objectType: 'annotation', name, classification, ...section };
    features.push({ type: 'Feature', geometry, properties });
  }
  const file = { type: 'FeatureCollection', coordinates: frame.label, features };
  return { text: `${JSON.stringify(file)}\n`, leftOut };
}

/** The coordinates that a file of this page says it has; null for other files. */
export function coordinatesOf(text: string): string | null {
  const parsed = v.safeParse(v.object({ coordinates: v.string() }), parse(text));
  return parsed.success ? parsed.output.coordinates : null;
}

/**
 * Reads polygons as QuPath and this page write them: a collection, a list or one feature. Those of one name and section
 * are one region. `sectionOf` finds sections by name; `open` is the one of features that name none.
 */
export function readGeoJson(
  text: string,
  frame: Frame,
  sectionOf: (name: string | null) => number | null,
  open: number | null,
): FoundRegions {
  const regions = new Map<string, NamedRegion>();
  let nOthers = 0;
  for (const feature of featuresOf(parse(text))) {
    const polygons = polygonsOf(feature, frame);
    if (polygons.length === 0) {
      nOthers++;
      continue;
    }
    const properties = feature.properties ?? {};
    const given = properties['section'];
    const named = typeof given === 'string' || given === null ? sectionOf(given) : null;
    const section = frame.section ?? named ?? open;
    const name = nameIn(properties) ?? 'Region';
    const key = `${section} ${name}`;
    const known = regions.get(key);
    regions.set(key, {
      name,
      color: known?.color ?? colorIn(properties),
      region: {
        embedding: frame.embedding,
        section,
        polygons: [...(known?.region.polygons ?? []), ...polygons],
      },
    });
  }
  return { regions: [...regions.values()], nOthers };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ViewerError(
      'The file is not JSON, or was cut off.',
      'Export the annotations again, as GeoJSON.',
      {
        cause,
      },
    );
  }
}

function featuresOf(json: unknown): readonly Feature[] {
  const list = v.safeParse(
    v.union([
      v.pipe(
        v.object({ features: v.array(FeatureSchema) }),
        v.transform(({ features }) => features),
      ),
      v.array(FeatureSchema),
      v.pipe(
        FeatureSchema,
        v.transform((feature) => [feature]),
      ),
    ]),
    json,
  );
  const advice =
    'Import GeoJSON as QuPath exports it: a FeatureCollection, a list of features, or one feature.';
  if (!list.success) throw new ViewerError('The file has no features of GeoJSON.', advice);
  if (list.output.length > MOST_FEATURES) {
    const count = list.output.length.toLocaleString('en');
    throw new ViewerError(
      `The file has ${count} shapes, more than the ${MOST_FEATURES.toLocaleString('en')} that can be regions.`,
      'Export annotations only, without cells and detections.',
    );
  }
  return list.output;
}

function polygonsOf({ geometry }: Feature, frame: Frame): Polygon[] {
  const shape = v.safeParse(ShapeSchema, geometry);
  if (!shape.success) return [];
  const { type, coordinates } = shape.output;
  const polygons = type === 'Polygon' ? [coordinates] : coordinates;
  return polygons.flatMap((polygon) => {
    const [outer, ...holes] = polygon.map((ring) =>
      opened(ring.map(([x, y]): Point => frame.fromFile([x, y]))),
    );
    // Holes alone hold nothing.
    return outer && outer.length >= 3 ? [[outer, ...holes.filter((hole) => hole.length >= 3)]] : [];
  });
}

function closed(ring: Ring): Ring {
  return [...ring, ring[0]];
}

function opened(ring: Ring): Ring {
  const [first, last] = [ring.at(0), ring.at(-1)];
  const isClosed = ring.length > 1 && first![0] === last![0] && first![1] === last![1];
  return isClosed ? ring.slice(0, -1) : ring;
}

type Properties = Readonly<Record<string, unknown>>;

function classIn(properties: Properties): Properties {
  const given = properties['classification'];
  if (typeof given === 'string') return { name: given };
  return typeof given === 'object' && given !== null ? (given as Properties) : {};
}

function nameIn(properties: Properties): string | null {
  const names = [properties['name'], classIn(properties)['name']];
  const name = names.find((each): each is string => typeof each === 'string' && each.trim() !== '');
  return name === undefined ? null : name.trim().slice(0, LONGEST_NAME);
}

/** QuPath writes three numbers, and wrote one of 32 bits, which is usually negative. */
function colorIn(properties: Properties): string | null {
  const of = classIn(properties);
  const colors = [properties['color'], of['color'], of['colorRGB'], properties['colorRGB']];
  for (const color of colors) {
    if (typeof color === 'number' && Number.isInteger(color)) return hexOf(color & 0xffffff);
    const numbers = v.safeParse(v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(255))), color);
    if (numbers.success && numbers.output.length >= 3) {
      const [red, green, blue] = numbers.output.map(Math.round);
      return hexOf((red << 16) | (green << 8) | blue);
    }
  }
  return null;
}

function hexOf(color: number): string {
  return `#${color.toString(16).padStart(6, '0')}`;
}

function numbersOf(color: string): number[] {
  const value = parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
