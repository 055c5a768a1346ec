import { packedAtMost } from '../../../../../bytes/bounded';
import { inflate } from '../../../../../bytes/gzip';
import { decodeNumbers, type Floats } from '../../../../../bytes/numbers';
import { Once } from '../../../../../bytes/shared';
import type { Edges } from '../../../../bundle';
import type { CellTexts } from '../../../../cells/cell_texts';
import type { CellOrder } from '../../../../cells/order';
import { brokenParts, checkContiguous, type PartReader } from '../parts';
import type { Atlas, Part } from '../schema';
import { pointsOfSteps } from '../steps';
import type { OrderEntry } from './schema';

type AtlasEmbedding = Atlas['embeddings'][number];

/** The order of the cells of a packed bundle. See docs/formats/packed.md. */
export class StreamOrder implements CellOrder {
  readonly levels: readonly number[];
  readonly blockSize: number;
  readonly #coarse: readonly Part[];
  readonly #rows = new Once((signal) => this.#loadRows(signal));
  readonly #cells = new Once(async (signal) => inverse(await this.#rows.get(signal)));

  constructor(
    private readonly reader: PartReader,
    private readonly entry: OrderEntry,
    private readonly embedding: AtlasEmbedding,
  ) {
    this.levels = entry.levels;
    this.blockSize = entry.blocks.size;
    this.#coarse = embedding.coarse?.parts ?? [];
    checkContiguous(this.#coarse, reader.nCells, 'cell');
    const isAscending = entry.levels.every((cell, level) => level === 0 || cell >= entry.levels[level - 1]);
    if (entry.levels[0] !== 0 || entry.levels.at(-1) !== reader.nCells || !isAscending)
      throw brokenParts('the levels of the cells do not fit their number');
  }

  get parts() {
    return this.#coarse.map(({ start, end, size_bytes }) => ({ start, end, nbytes: size_bytes }));
  }

  rows(signal?: AbortSignal): Promise<Uint32Array> {
    return this.#rows.get(signal);
  }

  cells(signal?: AbortSignal): Promise<Uint32Array> {
    return this.#cells.get(signal);
  }

  async boxes(signal?: AbortSignal): Promise<Floats> {
    const { size, path } = this.entry.blocks;
    const blocks = this.levels.slice(1).map((end, level) => Math.ceil((end - this.levels[level]) / size));
    const count = blocks.reduce((sum, each) => sum + each, 0) * 2 * this.embedding.dims;
    const stored = await this.reader.files.get(path, { most: packedAtMost(4 * count), signal });
    return decodeNumbers(await inflate(stored, path, 4 * count), 'float32', count, path) as Floats;
  }

  async coarse(number: number, signal?: AbortSignal): Promise<Floats> {
    const { dims, minimum, maximum, origin } = this.embedding;
    const part = this.#coarse[number];
    const n = part.end - part.start;
    const steps = await this.reader.passing(part, 'uint16', dims, { signal });
    const axes = Array.from({ length: dims }, (_, axis) => {
      const low = minimum[axis] ?? NaN;
      return { low: low - origin[axis], width: (maximum[axis] ?? NaN) - low };
    });
    return pointsOfSteps(steps, n, axes);
  }

  /** Texts that are stored in the order of the source. */
  texts(inSource: CellTexts): CellTexts {
    return new OrderedTexts(this, inSource);
  }

  /** Edges between rows of the source as edges between cells, sorted by the smaller one. */
  async edges({ sources, targets }: Edges, signal?: AbortSignal): Promise<Edges> {
    const cells = await this.cells(signal);
    const next = new Uint32Array(this.reader.nCells + 1);
    for (let edge = 0; edge < sources.length; edge++)
      next[Math.min(cells[sources[edge]], cells[targets[edge]]) + 1]++;
    for (let cell = 1; cell < next.length; cell++) next[cell] += next[cell - 1];
    const sorted = { sources: new Uint32Array(sources.length), targets: new Uint32Array(sources.length) };
    for (let edge = 0; edge < sources.length; edge++) {
      const [one, other] = [cells[sources[edge]], cells[targets[edge]]];
      const at = next[Math.min(one, other)]++;
      sorted.sources[at] = Math.min(one, other);
      sorted.targets[at] = Math.max(one, other);
    }
    return sorted;
  }

  async #loadRows(signal: AbortSignal): Promise<Uint32Array> {
    const { dtype, parts } = this.entry.rows;
    const rows = (await this.reader.whole({ dtype, parts, width: 1 }, { signal })) as Uint32Array;
    const n = rows.length;
    if (rows.some((row) => row >= n)) throw brokenParts('the order names cells that there are not');
    return rows;
  }
}

class OrderedTexts implements CellTexts {
  #rows: Uint32Array | null = null;

  constructor(
    private readonly order: StreamOrder,
    private readonly inSource: CellTexts,
  ) {}

  known(cell: number): string | null | undefined {
    return this.#rows ? this.inSource.known(this.#rows[cell]) : undefined;
  }

  nbytes(cell: number): number | null {
    return this.#rows ? this.inSource.nbytes(this.#rows[cell]) : null;
  }

  async get(cell: number, signal?: AbortSignal): Promise<string | null> {
    this.#rows = await this.order.rows(signal);
    return this.inSource.get(this.#rows[cell], signal);
  }

  /** In the order of the source, where they can be read one after another, and the cell of each. */
  async stored(signal?: AbortSignal): Promise<{ texts: CellTexts; cells: Uint32Array }> {
    return { texts: this.inSource, cells: await this.order.cells(signal) };
  }
}

function inverse(rows: Uint32Array): Uint32Array {
  const cells = new Uint32Array(rows.length);
  for (let cell = 0; cell < rows.length; cell++) cells[rows[cell]] = cell;
  return cells;
}
