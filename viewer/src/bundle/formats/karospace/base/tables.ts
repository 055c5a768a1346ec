import { MOST_NBYTES } from '../../../../bytes/bounded';
import { ViewerError } from '../../../../bytes/errors';
import type { Files } from '../../../../bytes/files';
import { readJson } from '../../../../bytes/json';
import type { Floats } from '../../../../bytes/numbers';
import { mapParallel } from '../../../../bytes/parallel';
import type { OnProgress } from '../../../bundle';
import { check } from '../../../schema';
import { inferColumn, type InferredColumn } from './infer';
import { CoordinatesSchema, RecordsSchema, type Manifest } from './schema';

type Rows = readonly object[];

/** Coordinates of a base layer, moved so that the middle of their bounds is the origin. */
export interface Coordinates {
  readonly cellIds: string[];
  readonly positions: Floats;
  readonly origin: [number, number];
  readonly minimum: [number, number];
  readonly maximum: [number, number];
}

/** Reads all parts of one kind, in listed order, as one list of rows. */
export async function readRows(
  files: Files,
  manifest: Manifest,
  kind: 'coords_json' | 'obs_json',
  onProgress?: OnProgress,
): Promise<Rows> {
  const parts = manifest.asset_files.filter((asset) => asset.kind === kind);
  if (parts.length === 0) {
    throw new ViewerError(`manifest.json lists no file of kind ${kind}.`, 'Export the bundle again.');
  }
  let done = 0;
  const tables = await mapParallel(parts, async ({ path }) => {
    const json = await readJson(files, path, { most: MOST_NBYTES });
    const rows = check(kind === 'coords_json' ? CoordinatesSchema : RecordsSchema, json, path);
    onProgress?.(++done / parts.length);
    return rows;
  });
  const rows = tables.flat();
  if (rows.length !== manifest.n_cells) {
    throw new ViewerError(
      `The files of kind ${kind} hold ${rows.length} cells, but manifest.json says ${manifest.n_cells}.`,
      'The bundle is a mixture of two exports, or incomplete: export it again.',
    );
  }
  return rows;
}

export function toCoordinates(rows: Rows): Coordinates {
  const points = rows as { cell_id: string; x: number | null; y: number | null }[];
  const [x0, x1] = bounds(points.map(({ x }) => x));
  const [y0, y1] = bounds(points.map(({ y }) => y));
  const origin: [number, number] = [(x0 + x1) / 2, (y0 + y1) / 2];
  const positions = new Float32Array(points.length * 2);
  points.forEach(({ x, y }, cell) => {
    positions[2 * cell] = x === null ? NaN : x - origin[0];
    positions[2 * cell + 1] = y === null ? NaN : y - origin[1];
  });
  return {
    cellIds: points.map(({ cell_id }) => cell_id),
    positions,
    origin,
    minimum: [x0, y0],
    maximum: [x1, y1],
  };
}

export function toColumns(rows: Rows, names: readonly string[]): InferredColumn[] {
  return names.map((name) =>
    inferColumn(
      name,
      rows.map((row) => {
        // An own property only: a column may have the name of a property that every object inherits.
        const value: unknown = Object.getOwnPropertyDescriptor(row, name)?.value;
        return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
          ? value
          : null;
      }),
    ),
  );
}

function bounds(values: readonly (number | null)[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}
