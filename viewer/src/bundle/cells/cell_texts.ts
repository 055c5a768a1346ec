import { SharedLoad } from '../../bytes/shared';

/** A text for each cell: the ids, or a column of texts. They are loaded in blocks of cells and cached. */
export interface CellTexts {
  /** The text, or null for a missing value; undefined if it is not in memory. */
  known(cell: number): string | null | undefined;
  /** Bytes to transfer for it: 0 if it is in memory, null if unknown. */
  nbytes(cell: number): number | null;
  get(cell: number, signal?: AbortSignal): Promise<string | null>;
  /** If they are stored in another order: in that one, and the cell of each. */
  stored?(signal?: AbortSignal): Promise<{ readonly texts: CellTexts; readonly cells: ArrayLike<number> }>;
}

type Texts = (cell: number) => string | null;

/** Cells whose texts are loaded together. */
export interface TextBlock {
  readonly key: number;
  readonly nbytes: number | null;
  load(signal: AbortSignal): Promise<Texts>;
}

/** There may be 10 million texts, so only the blocks used last are cached. */
const MOST_BLOCKS = 16;

/** Loads a block of texts when one of its cells is requested. */
export class BlockTexts implements CellTexts {
  readonly #loaded = new Map<number, Texts>();
  readonly #loading = new Map<number, SharedLoad<Texts>>();

  constructor(readonly blockOf: (cell: number) => TextBlock) {}

  known(cell: number): string | null | undefined {
    return this.#loaded.get(this.blockOf(cell).key)?.(cell);
  }

  nbytes(cell: number): number | null {
    const { key, nbytes } = this.blockOf(cell);
    return this.#loaded.has(key) ? 0 : nbytes;
  }

  async get(cell: number, signal?: AbortSignal): Promise<string | null> {
    signal?.throwIfAborted();
    const block = this.blockOf(cell);
    const texts = this.#loaded.get(block.key) ?? (await this.#load(block).wait(signal));
    return texts(cell);
  }

  #load(block: TextBlock): SharedLoad<Texts> {
    const { key } = block;
    const known = this.#loading.get(key);
    if (known && !known.isAborted) return known;
    const loading = new SharedLoad((signal) => block.load(signal));
    this.#loading.set(key, loading);
    loading.value
      .then(
        (texts) => {
          this.#loaded.set(key, texts);
          const [oldest] = this.#loaded.keys();
          if (this.#loaded.size > MOST_BLOCKS) this.#loaded.delete(oldest);
        },
        () => {}, // those who wait are told
      )
      .finally(() => this.#loading.get(key) === loading && this.#loading.delete(key));
    return loading;
  }
}

/** Texts that are in memory already. */
export function textsInMemory(texts: Texts): CellTexts {
  return { known: texts, nbytes: () => 0, get: (cell) => Promise.resolve(texts(cell)) };
}
