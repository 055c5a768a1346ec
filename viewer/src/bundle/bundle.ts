import type { About } from './about/about';
import type { Receipt } from './about/receipt';
import type { Floats, Numbers } from '../bytes/numbers';
import type { Bytes } from '../bytes/files';
import type { CellTexts } from './cells/cell_texts';
import type { CellOrder } from './cells/order';
import type { Tissue } from './tissue';
import type { DecodeBlock } from './formats/sparse_block';
import type { GeneFacts, GroupStatistics, Neighbourhoods } from './statistics';

/** Called with the loaded share, from 0 to 1. */
export type OnProgress = (share: number) => void;

/** How something is loaded. */
export interface LoadOptions {
  readonly onProgress?: OnProgress;
  /** Ends the requests, unless others wait for the same values: the result is then an `AbortError`. */
  readonly signal?: AbortSignal;
}

export interface EmbeddingInfo {
  readonly key: string;
  readonly label: string;
  /** Where it came from: `obsm:<key>` or `obs:<x>,<y>`. */
  readonly source: string;
  readonly dims: 1 | 2 | 3;
  readonly yAxis: 'up' | 'down';
  /** The column by which sections are laid out side by side; absent if they keep their coordinates. */
  readonly laidOutBy?: string;
  /** Diameter of a spot in the embedding's units, if known. */
  readonly spotDiameter?: number | null;
  /** If spots are squares, by how many radians they are turned, from x towards y; null for discs. */
  readonly spotAngle?: number | null;
  /** Length of one unit of the embedding, if known. */
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
  /** Their number is known from the beginning; their names may arrive with the column's values. */
  readonly categories: readonly string[];
  /** `#rrggbb` for each category; they may arrive with the values, too. */
  readonly colors: readonly string[] | null;
  /** By embedding, if the bundle has them; otherwise they are computed from the cells. */
  readonly centroids?: readonly (readonly Centroid[] | null)[];
}
export interface NumberInfo extends Named {
  readonly kind: 'number';
}
export interface BoolInfo extends Named {
  readonly kind: 'bool';
}
/** Text with too many distinct values for colours; shown for single cells. */
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

/** The neighbour graph: each pair of cells once. */
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
export interface LiveExport {
  /** Null if no export is known to run. */
  readonly progress: { readonly done: number; readonly total: number; readonly stage: string } | null;
  /** Whether the export claims to run, but has made no progress for a long time. */
  readonly isStalled: boolean;
  /** Calls the listener whenever `progress` changes, until the returned function is called. */
  onProgress(listener: () => void): () => void;
}

/** A part of the input that is not in the export. */
export interface LeftOut {
  /** Such as `obs:score`. */
  readonly part: string;
  readonly reason: string;
  /** How to export it; may be empty. */
  readonly way_out: string;
  /** Whether the user asked to leave it out. */
  readonly by_user: boolean;
}

/** Sums of a matrix over combinations of columns, as an AnnData for other programs. */
export interface SumsFile {
  readonly name: string;
  readonly nBytes: number;
  /** Columns whose combinations group the cells. */
  readonly columns: readonly string[];
  readonly matrix: string;
  readonly nCombinations: number;
  load(): Promise<Bytes>;
}

export interface GeneTable {
  /** Unique labels, in exported order. */
  readonly names: readonly string[];
  /** Other unique names of the genes, such as accession numbers; null if there is only one name. */
  readonly ids: readonly string[] | null;
  /** The numbers by which the genes were found to be the most variable; absent or null if that is not known. */
  readonly variable?: VariableNumbers | null;
  /** Groups of genes that are searched apart, such as genes and proteins; absent if they are one. */
  readonly groups?: GeneGroups;
}

/** Groups by name, and the number of the group of each gene. */
export interface GeneGroups {
  readonly names: readonly string[];
  readonly codes: readonly number[];
}

/** Columns of var under scanpy's names, each as long as there are genes. */
export interface VariableNumbers {
  readonly flavor: string;
  readonly columns: Readonly<Record<string, readonly (number | boolean | null)[]>>;
}

export interface ImageInfo {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** Image pixel = coordinate of the embedding x scale + offset. Null if unknown. */
  readonly placement: Placement | null;
  /** Number of the embedding that it lies under. */
  readonly embedding: number;
  /** Its name; empty if the bundle has none. */
  readonly library: string;
  /** The cells above it; null for all. */
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

/** Reads genes that are needed once, so that nothing else is dropped from memory for them. */
export interface PassingGenes {
  /** float32 `(nCells,)`. Not kept, apart from values that are stored together with those of the next genes. */
  expression(gene: number, signal?: AbortSignal): Promise<Floats>;
}

/** Facts that are known once a bundle is open. */
export interface Description {
  /** Such as `KaroSpace 1.0.0`. */
  readonly format: string;
  /** For lists and for the names of files. */
  readonly name: string;
  /** For people; the same as the name unless the bundle has a title. */
  readonly title: string;
  readonly nCells: number;
  readonly nGenes: number;
  readonly embeddings: readonly EmbeddingInfo[];
  readonly columns: readonly ColumnInfo[];
  /** Whether somebody chose the order of the columns; if so, the first column of labels is shown first. */
  readonly isOrdered: boolean;
  readonly graph: GraphInfo | null;
  readonly vectors: readonly VectorInfo[];
  readonly images: readonly ImageInfo[];
  readonly previewPath: string | null;
  /** Remarks about the bundle for people, such as values that are missing from it. */
  readonly notes: readonly string[];
  /** If sections lie on top of each other: their column, and the number of the note about it. */
  readonly overlap?: { readonly column: string; readonly note: number } | null;
}

/**
 * The data that the viewer explores, in any format. Large parts are loaded on request;
 * columns and genes are identified by number, and names are only displayed.
 */
export interface Bundle extends Description {
  readonly where: string;
  /** Set if the export may still run: requests then wait for files that do not exist yet. */
  readonly live?: LiveExport;
  /** Genes compared between groups of cells, in the export or before; absent or null if there are none. */
  readonly statistics?: GroupStatistics | null;
  /** Neighbouring cells; absent or null if the export has none. */
  readonly neighbourhoods?: Neighbourhoods | null;
  /** Sections, slides, shapes and transcripts; absent or null if there are none. */
  readonly tissue?: Tissue | null;
  /** Absent or null if the cells are in the order of the source, or of the sections of a tissue. */
  readonly order?: CellOrder | null;
  /** Gene sets and loadings, if the format has them. */
  readonly geneFacts?: GeneFacts | null;
  /** Sums over combinations of columns; absent or null if the export has none. */
  readonly sums?: SumsFile | null;

  // With a signal, a load can be given up: see `LoadOptions`.
  genes(signal?: AbortSignal): Promise<GeneTable>;
  /** float32 `(nCells, dims)`, relative to the origin; NaN for a cell without coordinates. */
  coordinates(embedding: number, onProgress?: OnProgress, signal?: AbortSignal): Promise<Floats>;
  column(column: number, signal?: AbortSignal): Promise<ColumnValues>;
  /** float32 `(nCells,)`. */
  expression(gene: number, signal?: AbortSignal): Promise<Floats>;
  /** For work that goes through many genes, best in ascending order. */
  passingGenes(): PassingGenes;
  /** Only if there is a graph. */
  edges(onProgress?: OnProgress, signal?: AbortSignal): Promise<Edges>;
  /** float32 `(nCells, dims)` of its embedding; NaN for a cell without one. */
  vector(vector: number, signal?: AbortSignal): Promise<Floats>;
  readonly ids: CellTexts;
  /** Only for columns of kind `string`. */
  texts(column: number): CellTexts;
  file(path: string, signal?: AbortSignal): Promise<Bytes>;
  /** Sets how genes are decoded, for formats that have it done elsewhere. */
  decodeIn?(decode: DecodeBlock): void;
  /** Calls the listener with remarks that come up while data are read. */
  onNote?(listener: (note: string) => void): void;
  /** The description of the data. */
  about(): Promise<About>;
  /** How the export was made; loaded when somebody asks. */
  receipt(): Promise<Receipt>;
  /** Only for formats that record it; null if this export did not. */
  leftOut?(): Promise<readonly LeftOut[] | null>;
}

export const BOOL_LABELS = ['false', 'true'] as const;
