import type * as v from 'valibot';
import type { Files } from '../../../../bytes/files';
import { readJson } from '../../../../bytes/json';
import type { Floats } from '../../../../bytes/numbers';
import { Once } from '../../../../bytes/shared';
import type { ColumnInfo } from '../../../bundle';
import { check } from '../../../schema';
import type { GeneFacts, GeneSet, Loadings } from '../../../statistics';
import { brokenParts, checkContiguous, type PartReader } from './parts';
import { unknownGene } from './ranking';
import { SetsSchema, type GeneSetsSchema, type VarmSchema } from './gene_facts_schema';

interface Entries {
  readonly gene_sets?: v.InferOutput<typeof GeneSetsSchema>;
  readonly varm: v.InferOutput<typeof VarmSchema>;
  readonly n_genes: number;
}

/** Gene sets and loadings of a stream layer. See docs/formats/karospace.md. */
export class StreamGeneFacts implements GeneFacts {
  readonly hasSets: boolean;
  readonly loadings: readonly Loadings[];
  readonly #sets = new Once((signal) => this.#load(signal));

  constructor(
    readonly files: Files,
    readonly reader: PartReader,
    readonly entries: Entries,
    readonly columns: readonly ColumnInfo[],
  ) {
    this.hasSets = (entries.gene_sets?.n_sets ?? 0) > 0;
    for (const { parts } of entries.varm) checkContiguous(parts, entries.n_genes, 'gene');
    this.loadings = entries.varm.map(({ key, n_columns }) => ({ key, nColumns: n_columns }));
  }

  sets(signal?: AbortSignal): Promise<readonly GeneSet[]> {
    return this.#sets.get(signal);
  }

  async loading(index: number, signal?: AbortSignal): Promise<Floats> {
    const { parts, dtype, n_columns } = this.entries.varm[index];
    const rows = { count: this.entries.n_genes, of: 'gene' };
    return (await this.reader.whole({ parts, dtype, width: n_columns, rows }, { signal })) as Floats;
  }

  async #load(signal: AbortSignal): Promise<readonly GeneSet[]> {
    const { gene_sets: entry, n_genes } = this.entries;
    if (!entry) return [];
    const { sets } = check(SetsSchema, await readJson(this.files, entry.path, { signal }), entry.path);
    if (sets.length !== entry.n_sets)
      throw brokenParts(`${entry.path} has ${sets.length} gene sets, not ${entry.n_sets}`);
    if (sets.some(({ genes }) => genes.some((gene) => gene >= n_genes)))
      throw unknownGene(entry.path, n_genes);
    const numbers = new Map(this.columns.map(({ name }, index) => [name, index]));
    return sets.map(({ name, source, genes, n_not_exported, n_missing, column }) => ({
      name,
      source,
      genes,
      nNotExported: n_not_exported,
      nMissing: n_missing,
      column: column === undefined ? null : (numbers.get(column) ?? null),
    }));
  }
}
