import * as v from 'valibot';
import { ViewerError } from '../../../bytes/errors';
import type { CategoryInfo, Centroid, ColumnInfo, EmbeddingInfo } from '../../bundle';
import { check } from '../../schema';
import { collisions } from './names';
import {
  ArrangedSchema,
  OverlapSchema,
  VectorFieldsSchema,
  type Arranged,
  type Overlap,
  type Categorical,
  type Field,
  type Identity,
  type ObsManifest,
  type VarManifest,
} from './schema';

export type Dim = 1 | 2 | 3;
const SHOWN_COLLISIONS = 3;

/** Points of one number of dimensions. Their bounds are not stored: until they are loaded, the box of the format. */
export class PointsInfo implements EmbeddingInfo {
  readonly key: string;
  readonly label: string;
  readonly source: string;
  readonly laidOutBy: string | undefined;
  readonly yAxis = 'up';
  readonly origin: readonly number[];
  minimum: readonly number[];
  maximum: readonly number[];

  constructor(
    readonly dims: Dim,
    readonly path: string,
    arranged: Arranged | null = null,
  ) {
    this.key = `${dims}d`;
    this.label = arranged?.embedding ?? `${dims}-D`;
    this.laidOutBy = arranged?.column;
    this.source = `points_${dims}d`;
    this.origin = new Array<number>(dims).fill(0);
    this.minimum = new Array<number>(dims).fill(-1);
    this.maximum = new Array<number>(dims).fill(1);
  }
}

/** The default number of dimensions first, then from the most to the fewest. */
export function pointsOf(identity: Identity): PointsInfo[] {
  const { available_dimensions, default_dimension, files } = identity.embeddings;
  const rest = [...new Set(available_dimensions)]
    .filter((dim) => dim !== default_dimension)
    .sort((a, b) => b - a);
  const first = available_dimensions.includes(default_dimension) ? [default_dimension] : [];
  return [...first, ...rest].map((dim) => {
    const path = files[`${dim}d`];
    if (path === undefined) throw contradiction(`it names no file for the points in ${dim}-D`);
    return new PointsInfo(dim, path, arrangedOf(identity, dim));
  });
}

/** How the sections of these points are laid out; null if they are not, or another program wrote something else. */
function arrangedOf({ arranged, embeddings }: Identity, dim: Dim): Arranged | null {
  const read = v.safeParse(ArrangedSchema, arranged);
  if (!read.success) return null;
  // Older exports do not say which points: it is known where there are no others.
  const { available_dimensions: all } = embeddings;
  const dimensions = read.output.dimensions ?? (all.length === 1 ? all : []);
  return dimensions.includes(dim) ? read.output : null;
}

/** The note about sections that lie on top of each other; null without one. */
export function overlapOf({ overlapping_sections }: Identity): Overlap | null {
  const read = v.safeParse(OverlapSchema, overlapping_sections);
  return read.success ? read.output : null;
}

export interface FieldVectors {
  readonly key: string;
  readonly label: string;
  readonly embedding: number;
  readonly path: string;
}

/** The default field first; each field once for every dimension that has points. */
export function vectorsOf({ vector_fields }: Identity, points: readonly PointsInfo[]): FieldVectors[] {
  if (!vector_fields) return [];
  const path = 'dataset_identity.json (vector_fields)';
  const fields = check(VectorFieldsSchema, Object.entries(vector_fields.fields), path);
  const isDefault = (key: string) => (key === vector_fields.default_field ? 0 : 1);
  fields.sort(([a], [b]) => isDefault(a) - isDefault(b));
  return fields.flatMap(([key, { label, files }]) =>
    points.flatMap(({ dims }, embedding) => {
      const file = files[`${dims}d`];
      return file === undefined ? [] : [{ key: `${key}_${dims}d`, label, embedding, path: file }];
    }),
  );
}

export type ObsColumn =
  | { readonly info: ColumnInfo & { kind: 'number' }; readonly field: Field }
  | { readonly info: CategoryInfo; readonly field: Categorical };

/** Columns of obs in the order of the identity; columns that only the manifest lists come last. */
export function columnsOf(
  identity: Identity,
  manifest: ObsManifest | null,
  points: readonly PointsInfo[],
): ObsColumn[] {
  const listed = new Map<string, ObsColumn>();
  for (const field of manifest?._categoricalFields ?? []) {
    listed.set(`category ${field[0]}`, { info: categoryOf(field, points), field });
  }
  for (const field of manifest?._continuousFields ?? []) {
    listed.set(`continuous ${field[0]}`, { info: { name: field[0], kind: 'number' }, field });
  }
  const ordered: ObsColumn[] = [];
  for (const { key, kind } of identity.obs_fields ?? []) {
    const column = listed.get(`${kind} ${key}`);
    if (!column) continue;
    ordered.push(column);
    listed.delete(`${kind} ${key}`);
  }
  return [...ordered, ...listed.values()];
}

function categoryOf(field: Categorical, points: readonly PointsInfo[]): CategoryInfo {
  const [name, categories, , , centroids] = field;
  const codeOf = new Map(categories.map((category, code) => [category, code]));
  const placed = points.map(({ dims }): Centroid[] | null => {
    const listed = centroids?.[`${dims}`];
    if (!listed) return null;
    return listed.flatMap(({ category, position }) => {
      const code = codeOf.get(category);
      return code === undefined || position.length !== dims ? [] : [{ category: code, position }];
    });
  });
  return { name, kind: 'category', categories, colors: null, centroids: placed };
}

/** Notes for names that share a file: writers of this format let the second overwrite the first. */
export function collisionNotes(columns: readonly ObsColumn[], genes: VarManifest | null): string[] {
  const named = (kind: string) =>
    columns.filter(({ info }) => info.kind === kind).map(({ info }) => info.name);
  const pairs = [
    ...collisions(named('category')),
    ...collisions(named('number')),
    ...collisions(genes?.fields.map(([name]) => name) ?? []),
  ];
  if (pairs.length === 0) return [];
  const shown = pairs.slice(0, SHOWN_COLLISIONS).map(([a, b]) => `“${a}” and “${b}”`);
  const more = pairs.length > shown.length ? ` and ${pairs.length - shown.length} other pairs` : '';
  return [
    `In this export, ${shown.join(', ')}${more} share one file, so one of the two shows the values of the other. ` +
      'Export again with karospace-stream, which refuses such names.',
  ];
}

export function contradiction(what: string): ViewerError {
  return new ViewerError(
    `dataset_identity.json does not match the export: ${what}.`,
    'The folder is a mixture of two exports, or incomplete: export it again.',
  );
}

export function checkPoints(what: string, found: number, wanted: number): void {
  if (found !== wanted) throw contradiction(`${what} has ${found} cells, but must have ${wanted}`);
}
