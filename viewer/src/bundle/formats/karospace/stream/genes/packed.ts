import { packedAtMost } from '../../../../../bytes/bounded';
import { ByteCache } from '../../../../../bytes/cache';
import { ViewerError } from '../../../../../bytes/errors';
import type { Bytes, Files } from '../../../../../bytes/files';
import { inflate } from '../../../../../bytes/gzip';
import type { Floats } from '../../../../../bytes/numbers';
import { PackReader } from '../../../../../bytes/packs';
import { Once } from '../../../../../bytes/shared';
import type { PassingGenes } from '../../../../bundle';
import { decodeBlock, type Block, type DecodeBlock } from '../../../sparse_block';
import { checkContiguous } from '../parts';
import type { GeneValues } from './gene_values';
import type { Packed } from './schema';

const CACHE_NBYTES = 768 * 2 ** 20;
/** Neighbouring genes that are read together, where one follows another. */
const RUN_NBYTES = 2 * 2 ** 20;
const WIDTHS = { float32: 4, uint16: 2, uint8: 1 } as const;
/** With fewer cells, a gene is decoded at once. */
const WORTH_A_WORKER = 200_000;

/** Where each gene lies. */
interface Index {
  readonly counts: Uint32Array;
  readonly lengths: Uint32Array;
  readonly low: Float32Array | null;
  readonly high: Float32Array | null;
}

/** Some genes that lie one after another, as stored. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly bytes: Promise<Bytes>;
}

interface Reading {
  readonly read: (gene: number, signal?: AbortSignal) => Promise<Bytes>;
}

/** Genes without zeros, in shards: one range for each, or whole shards from hosts that know no ranges. */
export class PackedGenes implements GeneValues {
  /** Decodes genes in a worker, if there is one. */
  decode: DecodeBlock = decodeBlock;
  readonly #cache = new ByteCache(CACHE_NBYTES);
  readonly #packs: PackReader;
  readonly #index = new Once((signal) => this.#loadIndex(signal));

  constructor(
    private readonly files: Files,
    private readonly entry: Packed,
    private readonly nCells: number,
    private readonly nGenes: number,
    onWhole: () => void,
  ) {
    checkContiguous(
      entry.shards.map((shard) => ({ ...shard, size_bytes: 0 })),
      nGenes,
      'gene',
    );
    this.#packs = new PackReader(files, onWhole);
  }

  expression(gene: number, signal?: AbortSignal): Promise<Floats> {
    const load = (shared: AbortSignal) =>
      this.#decoded(gene, { read: (each, until) => this.#bytes(each, each + 1, until) }, shared);
    return this.#cache.get(String(gene), load, signal);
  }

  /** A gene that follows the last one is read together with those after it. */
  passing(): PassingGenes {
    let runs: Run[] = [];
    let last = -1;
    const read = async (gene: number, signal?: AbortSignal) => {
      const index = await this.#index.get(signal);
      let run = runs.find(({ start, end }) => start <= gene && gene < end);
      if (!run) {
        const end = gene === last + 1 ? this.#endOfRun(index, gene) : gene + 1;
        run = { start: gene, end, bytes: this.#bytes(gene, end, signal) };
        runs = [...runs.slice(-1), run];
      }
      last = gene;
      const before = sum(index.lengths, run.start, gene);
      return (await run.bytes).subarray(before, before + index.lengths[gene]);
    };
    return { expression: (gene, signal) => this.#decoded(gene, { read }, signal) };
  }

  async #decoded(gene: number, { read }: Reading, signal?: AbortSignal): Promise<Floats> {
    const { counts, low, high } = await this.#index.get(signal);
    const block: Block = {
      path: this.#shardOf(gene).path,
      nCells: this.nCells,
      nValues: counts[gene],
      width: WIDTHS[this.entry.dtype],
      low: low?.[gene] ?? 0,
      high: high?.[gene] ?? 0,
    };
    if (block.nValues > this.nCells) throw broken(this.entry.index.path);
    const stored = await read(gene, signal);
    signal?.throwIfAborted();
    const decode = this.nCells < WORTH_A_WORKER ? decodeBlock : this.decode;
    return decode(stored, block);
  }

  /** The stored bytes of some genes of one shard. */
  async #bytes(gene: number, end: number, signal?: AbortSignal): Promise<Bytes> {
    const { lengths } = await this.#index.get(signal);
    const shard = this.#shardOf(gene);
    const offset = sum(lengths, shard.start, gene);
    const length = sum(lengths, gene, end);
    const pack = { path: shard.path, size_bytes: sum(lengths, shard.start, shard.end) };
    const bytes = await this.#packs.read(pack, offset, length, signal);
    if (bytes.length !== length) throw broken(shard.path);
    return bytes;
  }

  #shardOf(gene: number): Packed['shards'][number] {
    const shard = this.entry.shards.find(({ end }) => gene < end);
    if (!shard) throw new Error(`there is no gene ${gene}`);
    return shard;
  }

  #endOfRun({ lengths }: Index, gene: number): number {
    const { end } = this.#shardOf(gene);
    let next = gene + 1;
    for (let nbytes = lengths[gene]; next < end && nbytes + lengths[next] <= RUN_NBYTES; next++) {
      nbytes += lengths[next];
    }
    return next;
  }

  async #loadIndex(signal: AbortSignal): Promise<Index> {
    const { path } = this.entry.index;
    const n = this.nGenes;
    const columns = this.entry.dtype === 'float32' ? 2 : 4;
    const plain = 4 * n * columns;
    const content = await inflate(
      await this.files.get(path, { most: packedAtMost(plain), signal }),
      path,
      plain,
    );
    if (content.length !== plain) throw broken(path);
    const at = (column: number) => [content.buffer, content.byteOffset + 4 * n * column, n] as const;
    return {
      counts: new Uint32Array(...at(0)),
      lengths: new Uint32Array(...at(1)),
      low: columns > 2 ? new Float32Array(...at(2)) : null,
      high: columns > 2 ? new Float32Array(...at(3)) : null,
    };
  }
}

function sum(values: Uint32Array, start: number, end: number): number {
  let total = 0;
  for (let at = start; at < end; at++) total += values[at];
  return total;
}

function broken(path: string): ViewerError {
  return new ViewerError(
    `The file ${path} does not fit the list of genes.`,
    'The bundle is a mixture of two exports, or incomplete: export it again.',
  );
}
