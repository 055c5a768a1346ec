import type { Files } from '../../../../../bytes/files';
import type { Floats } from '../../../../../bytes/numbers';
import type { PassingGenes } from '../../../../bundle';
import { PartReader } from '../parts';
import type { Part } from '../schema';
import type { GeneValues } from './gene_values';
import type { Classic } from './schema';

/** Genes with a file, or several, for each. */
export class ClassicGenes implements GeneValues {
  constructor(
    private readonly files: Files,
    private readonly reader: PartReader,
    private readonly entry: Classic,
  ) {}

  expression(gene: number, signal?: AbortSignal): Promise<Floats> {
    return this.#whole(this.reader, gene, signal);
  }

  passing(): PassingGenes {
    const reader = new PartReader(this.files, this.reader.nCells, 0);
    return { expression: (gene, signal) => this.#whole(reader, gene, signal) };
  }

  async #whole(reader: PartReader, gene: number, signal?: AbortSignal): Promise<Floats> {
    const array = { parts: this.#parts(gene), dtype: this.entry.dtype, width: 1 };
    return (await reader.whole(array, { signal })) as Floats;
  }

  #parts(gene: number): Part[] {
    const { path, gene_digits, part_digits, cuts } = this.entry;
    return cuts.slice(1).map((end, part) => ({
      path: path
        .replace('{gene}', String(gene).padStart(gene_digits, '0'))
        .replace('{part}', String(part).padStart(part_digits, '0')),
      start: cuts[part],
      end,
      size_bytes: 0,
    }));
  }
}
