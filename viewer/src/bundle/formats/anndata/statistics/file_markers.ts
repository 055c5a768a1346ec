import type { Floats } from '../../../../bytes/numbers';
import type { BestGenes, Doubles, FileFacts, FileMarkers, Parameter, Ranking } from '../../../statistics';
import { Once } from '../../../../bytes/shared';
import type { ArrayReader } from '../zarr/arrays';
import { Records } from '../zarr/records';
import { GeneFrame } from './gene_frame';

/** Genes of each group that are listed without the table. */
const N_BEST = 50;
const MISSING = new Set(['', 'nan']);
const COLUMNS = ['logfoldchanges', 'pvals', 'pvals_adj'] as const;

/** Numbers of genes by their names in the index, which are also those of rankings. */
export type GeneNumbers = (signal?: AbortSignal) => Promise<ReadonlyMap<string, number>>;

/** Markers in uns, as scanpy stores them. Entries that this page cannot read are passed over. */
export async function fileMarkersOf(
  reader: ArrayReader,
  genes: GeneNumbers,
  nGenes: number,
): Promise<StoreMarkers[]> {
  const { documents } = reader.store;
  const isEntry = (key: string) =>
    ['params', 'names', 'scores'].every((name) => documents.kind(`uns/${key}/${name}`) !== null);
  const keys = documents.children('uns').filter(isEntry);
  const found = await Promise.all(keys.map((key) => entryOf(reader, key, genes, nGenes).catch(() => null)));
  return found.filter((each) => each !== null);
}

async function entryOf(
  reader: ArrayReader,
  key: string,
  genes: GeneNumbers,
  nGenes: number,
): Promise<StoreMarkers | null> {
  const { store } = reader;
  const path = `uns/${key}`;
  const [names, scores] = ['names', 'scores'].map((name) => Records.of(store, `${path}/${name}`));
  if (!names || !scores || names.names.join('\n') !== scores.names.join('\n')) return null;
  const more = new Map<string, Records>();
  for (const name of COLUMNS) {
    const found = store.documents.kind(`${path}/${name}`) === 'array' && Records.of(store, `${path}/${name}`);
    if (found && found.count === names.count) more.set(name, found);
  }
  const told = await parametersOf(reader, `${path}/params`);
  const text = (name: string) => (typeof told[name] === 'string' ? told[name] : null);
  const facts: FileFacts = {
    key: store.documents.nameOf('uns', key),
    method: text('method'),
    reference: text('reference'),
    params: told,
    nNotExported: 0,
  };
  const groupby = text('groupby');
  const column = groupby === null ? '' : store.documents.nameOf('obs', groupby);
  const [shares, sharesOutside] = ['pts', 'pts_rest'].map((name) => GeneFrame.of(reader, `${path}/${name}`));
  return new StoreMarkers(facts, column, { names, scores, more, shares, sharesOutside }, genes, nGenes);
}

async function parametersOf(reader: ArrayReader, path: string): Promise<Record<string, Parameter>> {
  const { documents } = reader.store;
  const told = await Promise.all(
    documents.children(path).map(async (name): Promise<[string, Parameter]> => {
      const at = `${path}/${name}`;
      if (documents.encoding(at) === 'null') return [name, null];
      if (documents.encoding(at) === 'string') return [name, await reader.scalar(at).catch(() => null)];
      if (/^(\|b1|bool)$/.test(documents.array(at).dtype)) return [name, await flagOf(reader, at)];
      return [name, await reader.scalarNumber(at).catch(() => null)];
    }),
  );
  return Object.fromEntries(told);
}

async function flagOf(reader: ArrayReader, path: string): Promise<boolean | null> {
  const { shape } = reader.store.documents.array(path);
  const value = await reader.scalarFlag(path, shape).catch(() => null);
  return value;
}

interface Tables {
  readonly names: Records;
  readonly scores: Records;
  readonly more: ReadonlyMap<string, Records>;
  /** Of genes by name, which may be more than are in the store. */
  readonly shares: GeneFrame | null;
  readonly sharesOutside: GeneFrame | null;
}

/** Markers of one entry of uns. */
export class StoreMarkers implements FileMarkers {
  readonly groups: readonly string[];
  readonly #others = new Map<string, number>();
  readonly #best = new Once(async (signal): Promise<readonly BestGenes[]> => {
    const read = await Promise.all(this.groups.map((_, group) => this.#bestOf(group, signal)));
    const known = await this.genes(signal);
    // Other genes have the same numbers, whichever group was read first.
    return read.map(({ names, ...best }) => ({ ...best, genes: this.#numbersOf(names, known) }));
  });

  constructor(
    readonly facts: FileFacts,
    readonly column: string,
    readonly tables: Tables,
    readonly genes: GeneNumbers,
    readonly nGenes: number,
  ) {
    this.groups = tables.names.names;
  }

  /** Shares of expressing cells, of the groups that were compared and of the reference; null if there are none. */
  get shares(): GeneFrame | null {
    return this.tables.shares;
  }

  best(signal?: AbortSignal): Promise<readonly BestGenes[]> {
    return this.#best.get(signal);
  }

  /** Those that were met so far; they are numbered as they come. */
  others(): Promise<readonly string[]> {
    return Promise.resolve([...this.#others.keys()]);
  }

  async ranking(group: number, signal?: AbortSignal): Promise<Ranking> {
    const { names, scores, more } = this.tables;
    const [texts, score, [share, shareOutside], ...rest] = await Promise.all([
      names.texts(group, { signal }),
      scores.numbers(group, { signal }),
      this.#sharesOf(group, signal),
      ...COLUMNS.map((name) => more.get(name)?.numbers(group, { signal }) ?? null),
    ]);
    const ranks = [...texts.keys()].filter((rank) => !MISSING.has(texts[rank]));
    const named = ranks.map((rank) => texts[rank]);
    const numbers = this.#numbersOf(named, await this.genes(signal));
    const doubles = (values: Doubles | null) => values && Float64Array.from(ranks, (rank) => values[rank]);
    const floats = (values: Doubles | null): Floats | null =>
      values && Float32Array.from(ranks, (rank) => values[rank]);
    const [change, p, adjusted] = rest;
    return {
      genes: Uint32Array.from(numbers),
      score: floats(score)!,
      logFoldChange: floats(change),
      meanOutside: null,
      share: share && Float32Array.from(ranks, (rank) => share(texts[rank])),
      shareOutside: shareOutside && Float32Array.from(ranks, (rank) => shareOutside(texts[rank])),
      auc: null,
      pValue: doubles(p),
      adjustedPValue: doubles(adjusted),
    };
  }

  async #bestOf(group: number, signal: AbortSignal) {
    const { names, scores, more } = this.tables;
    const options = { count: Math.min(N_BEST, names.count), signal };
    const [texts, score, change, adjusted] = await Promise.all([
      names.texts(group, options),
      scores.numbers(group, options),
      more.get('logfoldchanges')?.numbers(group, options) ?? null,
      more.get('pvals_adj')?.numbers(group, options) ?? null,
    ]);
    const ranks = [...texts.keys()].filter((rank) => !MISSING.has(texts[rank]));
    const pick = (values: Doubles | null) =>
      ranks.map((rank) => (values && Number.isFinite(values[rank]) ? values[rank] : null));
    return {
      group,
      names: ranks.map((rank) => texts[rank]),
      scores: pick(score),
      logFoldChanges: pick(change),
      adjustedPValues: pick(adjusted),
    };
  }

  /** Shares of genes by name, in a group and outside. */
  async #sharesOf(group: number, signal?: AbortSignal): Promise<(((name: string) => number) | null)[]> {
    const { shares, sharesOutside } = this.tables;
    const [own, { reference }] = [this.groups[group], this.facts];
    return Promise.all([
      sharesIn(shares, own, signal),
      reference === null || reference === 'rest'
        ? sharesIn(sharesOutside, own, signal)
        : sharesIn(shares, reference, signal),
    ]);
  }

  #numbersOf(names: readonly string[], known: ReadonlyMap<string, number>): number[] {
    return names.map((name) => known.get(name) ?? this.nGenes + this.#numberOther(name));
  }

  #numberOther(name: string): number {
    const found = this.#others.get(name) ?? this.#others.size;
    this.#others.set(name, found);
    return found;
  }
}

/** The shares of one group by the names of genes; null if they are not known. */
async function sharesIn(
  frame: GeneFrame | null,
  group: string,
  signal?: AbortSignal,
): Promise<((name: string) => number) | null> {
  const at = frame?.groups.indexOf(group) ?? -1;
  if (!frame || at < 0) return null;
  const [values, rowOf] = await Promise.all([frame.column(at, signal), frame.rowOf(signal)]);
  return (name) => values[rowOf.get(name) ?? -1] ?? Number.NaN;
}
