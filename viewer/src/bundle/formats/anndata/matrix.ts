import { ViewerError } from '../../../bytes/errors';
import type { Floats, Numbers } from '../../../bytes/numbers';
import { Once } from '../../../bytes/shared';
import type { ArrayReader } from './zarr/arrays';
import { type ArrayDocument, type Documents } from './zarr/documents';
import { unpackable } from './zarr/errors';

/** Most bytes and chunks that one gene may cost; a gene-major store takes far less. */
const MOST_NBYTES = 64 * 2 ** 20;
const MOST_CHUNKS = 64;
const SPARSE = ['data', 'indices', 'indptr'] as const;

/** The expression matrix: cells x genes, read a gene at a time. */
export interface Matrix {
  /** Loads the data that every gene needs. */
  prepare(signal?: AbortSignal): Promise<unknown>;
  gene(gene: number, signal?: AbortSignal): Promise<Floats>;
}

type Shape = readonly [number, number];

/**
 * X of a store, if it can be read gene by gene at low cost; null if there is no X.
 *
 * A cell-major store, as most are, is refused before any of its X is read.
 */
export function matrixOf(reader: ArrayReader, shape: Shape): Matrix | null {
  const { documents, files } = reader.store;
  const where = files.where;
  const encoding = documents.encoding('X');
  if (encoding === 'null' || documents.kind('X') === null) return null;
  if (encoding === 'csr_matrix') throw cellMajor(where, 'is stored by cells (CSR)');
  if (encoding === 'csc_matrix') {
    for (const part of SPARSE) checkPacking(documents, `X/${part}`, where);
    const parts = SPARSE.slice(0, 2).map((part) => documents.array(`X/${part}`));
    if (parts.some((part) => nbytesOfChunk(part) > MOST_NBYTES))
      throw cellMajor(where, `is stored by genes (CSC), but in chunks of ${mebibytes(parts)}`);
    return new SparseMatrix(reader, shape, parts[0].shape[0]);
  }
  if (documents.kind('X') !== 'array' || (encoding !== 'array' && encoding !== ''))
    throw cellMajor(where, `is encoded as “${encoding}”`);
  checkPacking(documents, 'X', where);
  checkStrips(documents.array('X'), where);
  return new DenseMatrix(reader, shape);
}

class SparseMatrix implements Matrix {
  readonly #ends = new Once((signal) => this.#readEnds(signal));

  constructor(
    readonly reader: ArrayReader,
    readonly shape: Shape,
    readonly nValues: number,
  ) {}

  prepare(signal?: AbortSignal): Promise<Numbers> {
    return this.#ends.get(signal);
  }

  async gene(gene: number, signal?: AbortSignal): Promise<Floats> {
    const ends = await this.prepare(signal);
    const [from, to] = [ends[gene], ends[gene + 1]];
    const values = new Float32Array(this.shape[0]);
    if (from === to) return values;
    const [data, cells] = await Promise.all([
      this.reader.slice('X/data', this.nValues, from, to, signal),
      this.reader.slice('X/indices', this.nValues, from, to, signal),
    ]);
    let before = -1;
    for (let at = 0; at < cells.length; at++) {
      const cell = cells[at];
      if (cell <= before || cell >= values.length) throw this.#damaged(`cell ${cell} of gene ${gene}`);
      values[cell] = data[at];
      before = cell;
    }
    return values;
  }

  async #readEnds(signal: AbortSignal): Promise<Numbers> {
    const ends = await this.reader.numbers('X/indptr', [this.shape[1] + 1], { signal });
    const rises = ends.every((end, at) => at === 0 || end >= ends[at - 1]);
    if (ends[0] === 0 && rises && ends.at(-1) === this.nValues) return ends;
    throw this.#damaged('the positions where genes begin');
  }

  #damaged(what: string): ViewerError {
    return new ViewerError(
      `X in ${this.reader.store.files.where} is inconsistent: ${what}.`,
      'The store is damaged, a mixture of two, or its indices are not sorted: write it again.',
    );
  }
}

class DenseMatrix implements Matrix {
  constructor(
    readonly reader: ArrayReader,
    readonly shape: Shape,
  ) {}

  prepare(): Promise<unknown> {
    return Promise.resolve();
  }

  gene(gene: number, signal?: AbortSignal): Promise<Floats> {
    return this.reader.strip('X', this.shape, gene, signal);
  }
}

function checkStrips(array: ArrayDocument, where: string): void {
  const [nCells] = array.shape;
  const nChunks = Math.ceil(nCells / array.chunks[0]);
  if (nChunks <= MOST_CHUNKS && nChunks * nbytesOfChunk(array) <= MOST_NBYTES) return;
  throw cellMajor(where, `is dense in chunks of ${array.chunks.join(' × ')}`);
}

/** Values of 8 bytes are the widest. */
function nbytesOfChunk({ chunks, dtype }: ArrayDocument): number {
  const width = /64$|[fiu]8$/.test(dtype) ? 8 : 4;
  return chunks.reduce((product, side) => product * side, width);
}

function mebibytes(parts: readonly ArrayDocument[]): string {
  return `${Math.round(Math.max(...parts.map(nbytesOfChunk)) / 2 ** 20)} MiB`;
}

const KNOWN = /^(numcodecs\.)?(zlib|gzip|shuffle|blosc|bytes|transpose|crc32c|sharding_indexed)$/;

function checkPacking(documents: Documents, path: string, where: string): void {
  const unknown = documents.array(path).codecs.find((codec) => !KNOWN.test(codec));
  if (unknown !== undefined) throw unpackable(path, where, unknown);
}

function cellMajor(where: string, how: string): ViewerError {
  return new ViewerError(
    `X in ${where} ${how}, so the page would have to read far more than the gene that it shows.`,
    'Write it gene-major: karospace-stream export STORE.zarr NEW.zarr --format anndata; or make a bundle: karospace-stream export STORE.zarr BUNDLE.',
  );
}
