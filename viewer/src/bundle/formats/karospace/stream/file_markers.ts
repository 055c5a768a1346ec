import type { Files } from '../../../../bytes/files';
import { readJson } from '../../../../bytes/json';
import { Once } from '../../../../bytes/shared';
import { check } from '../../../schema';
import type { BestGenes, FileFacts, FileMarkers, Ranking } from '../../../statistics';
import { BestOfFileSchema, OtherGenesSchema, type FileMarkersEntry } from './file_markers_schema';
import { brokenParts, checkContiguous, type PartReader } from './parts';
import { mixture, readRanking, unknownGene } from './ranking';

/** Markers that the input of a stream layer had already. See docs/formats/karospace.md. */
export class StreamFileMarkers implements FileMarkers {
  readonly facts: FileFacts;
  readonly column: string;
  readonly groups: readonly string[];
  readonly #best = new Once((signal) => this.#loadBest(signal));
  readonly #others = new Once((signal) => this.#loadOthers(signal));

  constructor(
    readonly files: Files,
    readonly reader: PartReader,
    readonly entry: FileMarkersEntry,
    readonly nGenes: number,
  ) {
    const { key, column, method, reference, params, columns, rankings, n_not_exported } = entry;
    for (const name of ['gene', 'score'])
      if (!columns.some((each) => each.name === name))
        throw brokenParts(`the markers in uns[“${key}”] have no column “${name}”`);
    for (const { parts } of rankings) checkContiguous(parts, parts.at(-1)?.end ?? 0, 'rank');
    this.facts = { key, method, reference, params, nNotExported: n_not_exported };
    this.column = column ?? '';
    this.groups = rankings.map(({ group }) => group);
  }

  best(signal?: AbortSignal): Promise<readonly BestGenes[]> {
    return this.#best.get(signal);
  }

  others(signal?: AbortSignal): Promise<readonly string[]> {
    return this.#others.get(signal);
  }

  ranking(group: number, signal?: AbortSignal): Promise<Ranking> {
    const { rankings, columns } = this.entry;
    return readRanking(this.reader, rankings[group].parts, columns, this.#nNamed, signal);
  }

  get #nNamed(): number {
    return this.nGenes + this.entry.n_not_exported;
  }

  async #loadBest(signal: AbortSignal): Promise<readonly BestGenes[]> {
    const { path } = this.entry.best;
    const { groups } = check(BestOfFileSchema, await readJson(this.files, path, { signal }), path);
    return groups.map(({ group, genes, scores, log_fold_changes, adjusted_p_values }) => {
      if (group >= this.groups.length || genes.some((gene) => gene >= this.#nNamed))
        throw unknownGene(path, this.#nNamed);
      const none = genes.map(() => null);
      const found = [scores, log_fold_changes ?? none, adjusted_p_values ?? none];
      if (found.some(({ length }) => length !== genes.length))
        throw mixture(`${path} has lists of different lengths for group ${group}.`);
      return {
        group,
        genes,
        scores: found[0],
        logFoldChanges: found[1],
        adjustedPValues: found[2],
      };
    });
  }

  async #loadOthers(signal: AbortSignal): Promise<readonly string[]> {
    const { other_genes, n_not_exported } = this.entry;
    if (!other_genes) return [];
    const { path } = other_genes;
    const names = check(OtherGenesSchema, await readJson(this.files, path, { signal }), path);
    if (names.length !== n_not_exported)
      throw mixture(`${path} must name ${n_not_exported} genes, but names ${names.length}.`);
    return names;
  }
}
