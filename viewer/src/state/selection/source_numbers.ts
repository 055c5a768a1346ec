import { signal } from '@preact/signals-core';
import type { Bundle } from '../../bundle/bundle';
import type { Cells } from './sets';
import { inSource } from './source_order';

/** More cells at random are no short text, and take long to sort; all of them are one range. */
const MOST_NUMBERS = 200_000;
const NONE = new Uint32Array(0);

/** Numbers of cells for links and files, which stay true if the cells are stored in another order: their rows. */
export class SourceNumbers {
  readonly #rows = signal<Uint32Array | null>(null);
  #isLoading = false;

  constructor(
    private readonly bundle: Pick<Bundle, 'order' | 'nCells'>,
    private readonly report: (error: unknown) => void,
  ) {}

  /** The numbers of some cells; null if these are too many, or the order has not been loaded, which begins. */
  known(cells: Cells): Cells | null {
    const { order, nCells } = this.bundle;
    if (!order || cells.length === 0 || cells.length === nCells) return cells;
    if (cells.length > MOST_NUMBERS) return null;
    const rows = this.#rows.value;
    if (!rows) void this.#load();
    return rows ? inSource(rows, cells) : NONE;
  }

  async of(cells: Cells): Promise<Cells> {
    const { order, nCells } = this.bundle;
    return order && cells.length < nCells ? inSource(await order.rows(), cells) : cells;
  }

  /** The cells with some numbers. */
  async cells(numbers: Cells): Promise<Cells> {
    const { order, nCells } = this.bundle;
    return order && numbers.length < nCells ? inSource(await order.cells(), numbers) : numbers;
  }

  async #load(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      this.#rows.value = await this.bundle.order!.rows();
    } catch (error) {
      this.report(error);
    }
  }
}
