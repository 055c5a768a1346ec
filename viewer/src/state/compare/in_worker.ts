import { GeneSummer, type GeneSums, type Marks } from './gene_sums';

let summer: GeneSummer | null = null;

/** What the worker of the page does for a comparison. There is one at a time. */
export const comparing = {
  beginComparison(marks: Marks): void {
    summer = new GeneSummer(marks);
  },
  compareGene(values: Float32Array<ArrayBuffer>): GeneSums {
    return summer!.sum(values);
  },
  endComparison(): void {
    summer = null;
  },
};
