/** A text for each cell: the ids, or a column of texts. They come in blocks of cells, which stay in memory. */
export interface CellTexts {
  /** If it is in memory; null is a missing value. Undefined: not loaded. */
  known(cell: number): string | null | undefined;
  /** Bytes that are transferred to know it; 0 if it is in memory, null where that is not known. */
  nbytes(cell: number): number | null;
  get(cell: number): Promise<string | null>;
}

type Texts = (cell: number) => string | null;

/** Cells whose texts come together. */
export interface TextBlock {
  readonly key: number;
  readonly nbytes: number | null;
  load(): Promise<Texts>;
}

/** A text is one of those of 10 million cells: only the blocks that were looked at last are kept. */
const MOST_BLOCKS = 16;

/** Texts of which a block is loaded when one of its cells is asked for. */
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

/** Texts that cost nothing. */
export function textsInMemory(texts: Texts): CellTexts {
  return { known: texts, nbytes: () => 0, get: (cell) => Promise.resolve(texts(cell)) };
}
