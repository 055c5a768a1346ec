import type { Floats } from '../bytes/numbers';

export const TESTS = ['wilcoxon', 't-test', 't-test_overestim_var', 'none'] as const;
export type Test = (typeof TESTS)[number];

/** A parameter as the file has it. */
export type Parameter = string | number | boolean | null | readonly string[];

/** What is known of markers that the file had already. */
export interface FileFacts {
  /** Key in uns. */
  readonly key: string;
  readonly method: string | null;
  /** `rest`, or a group. */
  readonly reference: string | null;
  readonly params: Readonly<Record<string, Parameter>>;
  /** Genes that are named, but not exported. */
  readonly nNotExported: number;
}

/** The groups of cells of one column, as they were compared. Groups are numbered like the categories. */
export interface Grouping {
  /** Empty if the file does not say. */
  readonly column: string;
  /** Null for what was computed during the export. */
  readonly file: FileFacts | null;
  /** `none` if the groups were not compared; not for markers of the file. */
  readonly test: Test;
  /** Null for a test that has no ties. */
  readonly tieCorrect: boolean | null;
  /** The grouping of this column that has shares, and often means; null if there is none. */
  readonly tables: number | null;
  /** Whether it has means. */
  readonly hasMeans: boolean;
  /** Whether it has variances. */
  readonly hasVariances: boolean;
  /** Whether it has nothing but tables for markers of the same column, so that it is no choice of its own. */
  readonly isBesideMarkers?: boolean;
  readonly categories: readonly string[];
  /** Cells of each group; null if they are not known. */
  readonly nCells: readonly number[] | null;
  /** Cells without a group. */
  readonly nWithout: number;
  /** The group that all others are compared with; null for all cells outside a group. */
  readonly reference: number | null;
  /** How many genes its rankings keep, the best ones, of how many; absent if they keep all. */
  readonly kept?: { readonly nGenes: number; readonly of: number };
  /** Groups whose genes are ranked. */
  readonly ranked: ReadonlySet<number>;
  /** Groups that were not compared, since they or the others have too few cells. */
  readonly tooSmall: readonly number[];
}

/** The first genes of a ranking. Null stands for what is no number. */
export interface BestGenes {
  readonly group: number;
  readonly genes: readonly number[];
  readonly scores: readonly (number | null)[];
  readonly logFoldChanges: readonly (number | null)[];
  readonly adjustedPValues: readonly (number | null)[];
}

export type Doubles = Float64Array<ArrayBuffer>;

/** The genes of one group in their order, and what is known of them; null for what is not. */
export interface Ranking {
  /** From the number of genes on: a gene that is not exported. */
  readonly genes: Uint32Array<ArrayBuffer>;
  readonly score: Floats;
  /** log2; NaN where it has no value. */
  readonly logFoldChange: Floats | null;
  readonly meanOutside: Floats | null;
  /** Of the group itself, if the ranking has it. */
  readonly share: Floats | null;
  readonly shareOutside: Floats | null;
  /** Only if the values were ranked. */
  readonly auc: Floats | null;
  readonly pValue: Doubles | null;
  readonly adjustedPValue: Doubles | null;
}

/** What the tables hold of each gene and group; NaN where there is no such value. Variances divide by n - 1. */
export type TableKind = 'means' | 'shares' | 'variances';

/** Called with the first gene of a run, and tables of the run. */
export type VisitRun = (start: number, tables: readonly Floats[]) => void;

/** Markers that the file had already. */
export interface FileMarkers {
  readonly facts: FileFacts;
  /** The column whose groups were compared; empty if the file does not say. */
  readonly column: string;
  readonly groups: readonly string[];
  /** The first genes of every ranking. */
  best(signal?: AbortSignal): Promise<readonly BestGenes[]>;
  ranking(group: number, signal?: AbortSignal): Promise<Ranking>;
  /** Names of genes that are not exported, numbered from the number of genes on. */
  others(signal?: AbortSignal): Promise<readonly string[]>;
}

/** Statistics of genes by group: computed during the export, or found in the file. */
export interface GroupStatistics {
  /** Where they are: in a bundle that this program made, or in an AnnData store, which anybody may have written. */
  readonly holder: 'bundle' | 'store';
  readonly groupings: readonly Grouping[];
  /** The first genes of every ranking, in one request. Empty without rankings. */
  best(grouping: number, signal?: AbortSignal): Promise<readonly BestGenes[]>;
  /** Names of ranked genes that are not exported, numbered from the number of genes on. */
  others(grouping: number, signal?: AbortSignal): Promise<readonly string[]>;
  /** Only for a group that is ranked. */
  ranking(grouping: number, group: number, signal?: AbortSignal): Promise<Ranking>;
  // The tables, only for a grouping that has them.
  /** Some genes, all groups: `(genes.length, n_groups)`. */
  rows(kind: TableKind, grouping: number, genes: readonly number[], signal?: AbortSignal): Promise<Floats>;
  /**
   * All genes, all groups, in runs of genes: `visit` gets the first gene of a run and, for each of the kinds, its
   * values, `(run, n_groups)`. Large tables are not kept in memory. Shared: do not write into them.
   */
  each(kinds: readonly TableKind[], grouping: number, visit: VisitRun, signal?: AbortSignal): Promise<void>;
  /** All genes of one group. */
  column(kind: TableKind, grouping: number, group: number, signal?: AbortSignal): Promise<Floats>;
}

/** All genes by falling Moran's I; NaN for a gene whose values are all equal. */
export interface SpatialGenes {
  readonly genes: Uint32Array<ArrayBuffer>;
  readonly moranI: Floats;
  readonly gearyC: Floats;
  readonly moranP: Doubles;
  readonly moranAdjusted: Doubles;
  readonly gearyP: Doubles;
  readonly gearyAdjusted: Doubles;
}

/** How often groups are neighbours: row after row, a row for each group. */
export interface Enrichment {
  /** Beside groups that are shuffled among the cells; NaN if all shuffles gave the same count. */
  readonly zScores: Doubles;
  readonly counts: Doubles;
}

/** The groups of one column. */
export interface NeighbourGroups {
  readonly column: string;
  readonly categories: readonly string[];
  /** Up to which pairs of cells were counted; empty without co-occurrence. */
  readonly distances: readonly number[];
  /** Cells whose pairs were counted. */
  readonly nPaired: number;
}

/** What was computed of neighbouring cells during the export. */
export interface Neighbourhoods {
  /** The graph. */
  readonly graph: string;
  /** Null if no groups were shuffled. */
  readonly permutations: number | null;
  readonly seed: number | null;
  readonly groupings: readonly NeighbourGroups[];
  genes(signal?: AbortSignal): Promise<SpatialGenes>;
  enrichment(grouping: number, signal?: AbortSignal): Promise<Enrichment>;
  /** `(groups, groups, distances)`: only where there are distances. Shared: do not write into it. */
  coOccurrence(grouping: number, signal?: AbortSignal): Promise<Floats>;
}

/** A set of genes that goes along with a bundle. */
export interface GeneSet {
  readonly name: string;
  /** Where it is from: the name of a file, `uns:KEY`, or `Python`. */
  readonly source: string;
  /** The exported genes, by number. */
  readonly genes: readonly number[];
  /** Genes that the input has and the export does not, and genes that it does not have. */
  readonly nNotExported: number;
  readonly nMissing: number;
  /** The number of the column with its score in each cell; null if there is none. */
  readonly column: number | null;
}

/** Numbers of genes, such as the loadings of principal components. */
export interface Loadings {
  readonly key: string;
  readonly nColumns: number;
}

/** What goes along with the genes. */
export interface GeneFacts {
  readonly hasSets: boolean;
  readonly loadings: readonly Loadings[];
  /** All gene sets, in one request. */
  sets(signal?: AbortSignal): Promise<readonly GeneSet[]>;
  /** All genes of an entry: `(n_genes, nColumns)`. Shared: do not write into it. */
  loading(index: number, signal?: AbortSignal): Promise<Floats>;
}
