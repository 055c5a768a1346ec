import * as v from 'valibot';
import { ViewerError } from '../bytes/errors';
import { splitPath, type Files } from '../bytes/files';
import { CATALOG_FILE, firstMarkOf } from './formats/registry';
import { check, Count } from './schema';

/** One of several bundles below a folder. */
export interface DataSet {
  readonly id: string;
  readonly name: string;
  /** Folder, relative to the list's. */
  readonly path: string;
  readonly nCells: number | null;
  readonly nGenes: number | null;
  /** The file to look for first, if the list names the format. */
  readonly mark: string | null;
}

/** The bundles that a folder offers. */
export interface Catalog {
  readonly files: Files;
  readonly datasets: readonly DataSet[];
  /** The id of the data set to show first. */
  readonly first: string | null;
}

const Counted = v.optional(v.nullable(Count));
const CatalogSchema = v.object({
  version: v.literal(1),
  default: v.optional(v.nullable(v.string())),
  datasets: v.pipe(
    v.array(
      v.object({
        id: v.string(),
        path: v.string(),
        name: v.optional(v.string()),
        n_cells: Counted,
        n_genes: Counted,
        format: v.optional(v.string()),
      }),
    ),
    v.minLength(1),
  ),
});

/** Reads `datasets.json`; a path that leaves the folder is an error. */
export function readCatalog(files: Files, json: unknown): Catalog {
  const listed = check(CatalogSchema, json, CATALOG_FILE);
  const datasets = listed.datasets.map(({ id, path, name, n_cells, n_genes, format }) => ({
    id,
    name: name === undefined || name === '' ? id : name,
    path: splitPath(path.replace(/^\.\//, '').replace(/\/$/, '')).join('/'),
    nCells: n_cells ?? null,
    nGenes: n_genes ?? null,
    mark: firstMarkOf(format),
  }));
  return { files, datasets, first: listed.default ?? null };
}

/** A catalog of bundles that were found in the chosen folder or zip, which has no list of them. */
export function catalogOfRoots(files: Files, roots: readonly string[]): Catalog {
  const datasets = roots.map((path) => ({
    id: path,
    name: path,
    path,
    nCells: null,
    nGenes: null,
    mark: null,
  }));
  return { files, datasets, first: null };
}

/** The data set with this id. */
export function dataSetOf(catalog: Catalog, id: string): DataSet {
  const found = catalog.datasets.find((dataset) => dataset.id === id);
  if (found) return found;
  throw new ViewerError(
    `There is no data set “${id}” at ${catalog.files.where}.`,
    'Choose one from the list; the address may belong to an older list.',
  );
}
