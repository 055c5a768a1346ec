import type { Floats } from '../../../../../bytes/numbers';
import type { PassingGenes } from '../../../../bundle';

/** The values of the genes, however they are stored. */
export interface GeneValues {
  expression(gene: number, signal?: AbortSignal): Promise<Floats>;
  passing(): PassingGenes;
}
