import type { About } from './about/about';
import type { Receipt } from './about/receipt';
import type { Floats, Numbers } from '../bytes/numbers';
import type { Bytes } from '../bytes/files';
import type { CellTexts } from './cell_texts';

/** Called with the loaded share, from 0 to 1. */
export type OnProgress = (share: number) => void;

export interface EmbeddingInfo {
  readonly key: string;
  readonly label: string;
  /** Where it came from: `obsm:<key>` or `obs:<x>,<y>`. */
  readonly source: string;
  readonly dims: 1 | 2 | 3;
  readonly yAxis: 'up' | 'down';
  /** The column by which sections are laid out side by side; absent where they are as in the source. */
  readonly laidOutBy?: string;
  /** How large a spot is, in the embedding's units, where that is known. */
  readonly spotDiameter?: number | null;
  /** How long a unit of the embedding is, where that is known. */
  readonly micronsPerUnit?: number | null;
  /** Coordinate = value + origin, in float64. */
  readonly origin: readonly number[];
  /** Bounds over finite values, in the source's coordinates. */
  readonly minimum: readonly number[];
  readonly maximum: readonly number[];
}

interface Named {
  readonly name: string;
}
export interface CategoryInfo extends Named {
  readonly kind: 'category';
  /** Their number is right from the beginning; what they are called may come with the column's values. */
  readonly categories: readonly string[];
  /** `#rrggbb` for each category; may come with the values too. */
  readonly colors: readonly string[] | null;
  /** By embedding, where the bundle has them: else they are computed from the cells. */
  readonly centroids?: readonly (readonly Centroid[] | null)[];
}
export interface NumberInfo extends Named {
  readonly kind: 'number';
}
export interface BoolInfo extends Named {
  readonly kind: 'bool';
}
/** Text with too many distinct values to be coloured; told of single cells. */
export interface StringInfo extends Named {
  readonly kind: 'string';
}
export type ColumnInfo = CategoryInfo | NumberInfo | BoolInfo | StringInfo;

/** Values of a whole column. Not for kind `string`. */
export type ColumnValues =
  | { readonly kind: 'codes'; readonly codes: Numbers; readonly missing: number }
  | { readonly kind: 'numbers'; readonly values: Numbers };

/** Where the cells of a category lie, relative to the embedding's origin. */
export interface Centroid {
  readonly category: number;
  readonly position: readonly number[];
}

/** The neighbour graph: pairs of cells, each once. */
export interface GraphInfo {
  readonly label: string;
  readonly nEdges: number;
}
/** Sorted by source, then target; source < target. */
export interface Edges {
  readonly sources: Numbers;
  readonly targets: Numbers;
}

/** A displacement of every cell, such as RNA velocity, in the units of one embedding. */
export interface VectorInfo {
  readonly key: string;
  readonly label: string;
  readonly embedding: number;
}

/** Progress of an export that still runs while its bundle is open. */
export interface Arrival {
  /** Null where no export is known to run. */
  readonly progress: { readonly done: number; readonly total: number; readonly stage: string } | null;
  /** Whether the export says that it runs, but has made no progress for long. */
  readonly isStill: boolean;
  /** Calls the listener whenever `progress` changes, until the returned function is called. */
  onProgress(listener: () => void): () => void;
}

/** A part of the input that is not in the export. */
export interface LeftOut {
  /** Such as `obs:score`. */
  readonly part: string;
  readonly reason: string;
  /** What would have it exported; may be empty. */
  readonly way_out: string;
  /** Whether it was asked for. */
  readonly by_user: boolean;
}

export interface GeneTable {
  /** Unique labels, in exported order. */
  readonly names: readonly string[];
  /** What the genes are called elsewhere, such as accession numbers, also unique; null if only one name is known. */
  readonly ids: readonly string[] | null;
}

/** The number of a gene by its name, or by its identifier; -1 if there is none. */
export function geneNumber({ names, ids }: GeneTable, name: string): number {
  const found = names.indexOf(name);
  return found >= 0 || ids === null ? found : ids.indexOf(name);
}

export interface ImageInfo {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** Image pixel = coordinate of the embedding x scale + offset. Null: not known. */
  readonly placement: Placement | null;
  /** Number of the embedding that it lies under. */
  readonly embedding: number;
  /** What it is called; empty where the bundle does not say. */
  readonly library: string;
  /** The cells that it lies under; null: all. */
  readonly cells: ImageCells | null;
}
/** The cells of one category; null stands for those without one. */
export interface ImageCells {
  readonly column: string;
  readonly category: string | null;
}
export interface Placement {
  readonly scale_x: number;
  readonly scale_y: number;
  readonly offset_x: number;
  readonly offset_y: number;
}

/** What is known of a bundle once it is open. */
export interface Description {
  /** Such as `KaroSpace 1.0.0`. */
  readonly format: string;
  /** For lists and for the names of files. */
  readonly name: string;
  /** For people: the name, where nothing else is said. */
  readonly title: string;
  readonly nCells: number;
  readonly nGenes: number;
  readonly embeddings: readonly EmbeddingInfo[];
  readonly columns: readonly ColumnInfo[];
  /** Whether someone chose the order of the columns: then the first labels are those to begin with. */
  readonly isOrdered: boolean;
  readonly graph: GraphInfo | null;
  readonly vectors: readonly VectorInfo[];
  readonly images: readonly ImageInfo[];
  readonly previewPath: string | null;
  /** What a reader should know about the bundle, such as values that are not in it. */
  readonly notes: readonly string[];
}

/**
 * What the viewer explores, whatever wrote it. Heavy things are loaded when asked for;
 * columns and genes are numbered, and names are only ever shown.
 */
export interface Bundle extends Description {
  readonly where: string;
  /** Set where the export may still run: requests then wait for files that are not there yet. */
  readonly arrival?: Arrival;

  genes(): Promise<GeneTable>;
  /** float32 `(nCells, dims)`, relative to the origin; NaN where a cell has no place. */
  coordinates(embedding: number, onProgress?: OnProgress): Promise<Floats>;
  column(column: number): Promise<ColumnValues>;
  /** float32 `(nCells,)`. */
  expression(gene: number): Promise<Floats>;
  /** Only where there is a graph. */
  edges(onProgress?: OnProgress): Promise<Edges>;
  /** float32 `(nCells, dims)` of its embedding; NaN where a cell has none. */
  vector(vector: number): Promise<Floats>;
  readonly ids: CellTexts;
  /** Only of kind `string`. */
  texts(column: number): CellTexts;
  file(path: string): Promise<Bytes>;
  /** What people read about the data. */
  about(): Promise<About>;
  /** How the export was made: asked for when somebody wants to know. */
  receipt(): Promise<Receipt>;
  /** Only for formats that record it; null if this export did not. */
  leftOut?(): Promise<readonly LeftOut[] | null>;
}

export const BOOL_LABELS = ['false', 'true'] as const;
