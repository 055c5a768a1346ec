import type { Floats } from '../bytes/numbers';

export const TESTS = ['wilcoxon', 't-test', 't-test_overestim_var', 'none'] as const;
export type Test = (typeof TESTS)[number];

/** The groups of cells of one column, as they were compared. Groups are numbered like the categories. */
export interface Grouping {
  readonly column: string;
  readonly categories: readonly string[];
  /** Cells of each group. */
  readonly nCells: readonly number[];
  /** Cells without a group. */
  readonly nWithout: number;
  /** The group that all others are compared with; null for all cells outside a group. */
  readonly reference: number | null;
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

/** All genes of one group by falling score. */
export interface Ranking {
  readonly genes: Uint32Array<ArrayBuffer>;
  readonly score: Floats;
  /** log2; NaN where it has no value. */
  readonly logFoldChange: Floats;
  readonly meanOutside: Floats;
  readonly shareOutside: Floats;
  /** Only if the values were ranked. */
  readonly auc: Floats | null;
  readonly pValue: Doubles;
  readonly adjustedPValue: Doubles;
}

/** What the tables hold of each gene and group; NaN where there is no such value. Variances divide by n - 1. */
export type TableKind = 'means' | 'shares' | 'variances';

/** Statistics of genes by group, which were computed during the export. */
export interface GroupStatistics {
  readonly test: Test;
  /** Null for a test that has no ties. */
  readonly tieCorrect: boolean | null;
  readonly groupings: readonly Grouping[];
  /** The first genes of every ranking, in one request. Empty without rankings. */
  best(grouping: number): Promise<readonly BestGenes[]>;
  /** Only for a group that is ranked. */
  ranking(grouping: number, group: number): Promise<Ranking>;
  /** Some genes, all groups: `(genes.length, n_groups)`. */
  rows(kind: TableKind, grouping: number, genes: readonly number[]): Promise<Floats>;
  /** All genes, all groups: `(n_genes, n_groups)`. Shared: do not write into it. */
  all(kind: TableKind, grouping: number): Promise<Floats>;
  /** All genes of one group. */
  column(kind: TableKind, grouping: number, group: number): Promise<Floats>;
}
