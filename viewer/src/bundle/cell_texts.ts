/** A text for each cell: the ids, or a column of texts. They are loaded in blocks of cells and cached. */
export interface CellTexts {
  /** The text, or null for a missing value; undefined if it is not in memory. */
  known(cell: number): string | null | undefined;
  /** Bytes to transfer for it: 0 if it is in memory, null if unknown. */
  nbytes(cell: number): number | null;
  get(cell: number): Promise<string | null>;
}

type Texts = (cell: number) => string | null;

/** Cells whose texts are loaded together. */
export interface TextBlock {
  readonly key: number;
  readonly nbytes: number | null;
  load(): Promise<Texts>;
}

/** There may be 10 million texts, so only the blocks used last are cached. */
const MOST_BLOCKS = 16;

/** Loads a block of texts when one of its cells is requested. */
export class BlockTexts implements CellTexts {
  readonly #loaded = new Map<number, Texts>();
  readonly #loading = new Map<number, Promise<Texts>>();

  constructor(readonly blockOf: (cell: number) => TextBlock) {}

  known(cell: number): string | null | undefined {
    return this.#loaded.get(this.blockOf(cell).key)?.(cell);
  }

  nbytes(cell: number): number | null {
    const { key, nbytes } = this.blockOf(cell);
    return this.#loaded.has(key) ? 0 : nbytes;
  }

  async get(cell: number): Promise<string | null> {
    const block = this.blockOf(cell);
    const texts = this.#loaded.get(block.key) ?? (await this.#load(block));
    return texts(cell);
  }

  #load(block: TextBlock): Promise<Texts> {
    const { key } = block;
    const known = this.#loading.get(key);
    if (known) return known;
    const loading = block.load().then((texts) => {
      this.#loaded.set(key, texts);
      const [oldest] = this.#loaded.keys();
      if (this.#loaded.size > MOST_BLOCKS) this.#loaded.delete(oldest);
      return texts;
    });
    this.#loading.set(key, loading);
    const done = () => void this.#loading.delete(key);
    loading.then(done, done);
    return loading;
  }
}

/** Texts that are in memory already. */
export function textsInMemory(texts: Texts): CellTexts {
  return { known: texts, nbytes: () => 0, get: (cell) => Promise.resolve(texts(cell)) };
}
