import * as v from 'valibot';
import { ViewerError } from '../bytes/errors';
import { splitPath, type Files } from '../bytes/files';
import { titleOf } from './about/about';
import { textOf } from './about/untrusted';
import type { Bundle } from './bundle';
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
  /** What the list says about it; null if the list has nothing but names. */
  readonly facts: DataSetFacts | null;
}

/** What people read about a data set before they open it. */
export interface DataSetFacts {
  readonly title: string;
  /** Empty if there is none. */
  readonly description: string;
  /** A file in its folder. */
  readonly picture: string | null;
  /** Whether the picture has to be turned upside down. */
  readonly isTurned: boolean;
}

/** The bundles that a folder offers. */
export interface Catalog {
  readonly files: Files;
  readonly datasets: readonly DataSet[];
  /** The id of the data set to show first. */
  readonly first: string | null;
}

const MOST_DESCRIPTION = 1_000;
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
        title: v.optional(v.unknown()),
        description: v.optional(v.unknown()),
        picture: v.optional(v.unknown()),
        picture_y_up: v.optional(v.unknown()),
      }),
    ),
    v.minLength(1),
  ),
});

/** Reads `datasets.json`; a path that leaves the folder is an error. */
export function readCatalog(files: Files, json: unknown): Catalog {
  const listed = check(CatalogSchema, json, CATALOG_FILE);
  const datasets = listed.datasets.map(({ id, path, name, n_cells, n_genes, format, ...said }) => ({
    id,
    name: nameOf(id, name),
    path: splitPath(path.replace(/^\.\//, '').replace(/\/$/, '')).join('/'),
    nCells: n_cells ?? null,
    nGenes: n_genes ?? null,
    mark: firstMarkOf(format),
    facts: factsIn(said, nameOf(id, name)),
  }));
  return { files, datasets, first: listed.default ?? null };
}

function nameOf(id: string, name: string | undefined): string {
  return name === undefined || name === '' ? id : name;
}

/** What a list says. It never fails, since the data can be shown without it. */
function factsIn(said: Record<string, unknown>, name: string): DataSetFacts | null {
  const { title, description, picture, picture_y_up } = said;
  if (title === undefined && description === undefined && picture === undefined) return null;
  return {
    title: titleOf(title, name),
    description: textOf(description, MOST_DESCRIPTION),
    picture: textOf(picture) || null,
    isTurned: picture_y_up === true,
  };
}

/** What a data set says about itself: opens it. */
export async function readFacts(bundle: Bundle): Promise<DataSetFacts> {
  const { description } = await bundle.about();
  const isTurned = bundle.embeddings[0]?.yAxis === 'up';
  return {
    title: bundle.title,
    description: description.slice(0, MOST_DESCRIPTION),
    picture: bundle.previewPath,
    isTurned,
  };
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
    facts: null,
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
