import type { Bundle } from '../../bundle/bundle';
import type { Floats } from '../../bytes/numbers';
import type { StartWorker } from '../filters/service';
import { formatCounted } from '../texts/format';
import { chooseControl, type Control } from './control';
import type { Method } from './score';
import { openSum } from './sum_service';

/** Genes that are loaded ahead of the one that is added. */
const AHEAD = 3;

/** A list of genes as one colouring. */
export interface ByList {
  readonly by: 'list';
  readonly name: string;
  readonly genes: readonly number[];
  readonly method: Method;
}

export interface ListValues {
  readonly values: Floats;
  /** The genes that a score compares with; null for other methods. */
  readonly control: Control | null;
}

/** The mean or score of a list in every cell, gene after gene. `onProgress` gets how many genes are added, of how many. */
export async function listValues(
  bundle: Bundle,
  { genes, method }: ByList,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
  start?: StartWorker,
): Promise<ListValues> {
  const control = method === 'score' ? await chooseControl(bundle, genes) : null;
  const others = control?.genes ?? [];
  const all = [...genes, ...others];
  const sum = await openSum(bundle.nCells, start);
  const loading: Promise<Floats>[] = [];
  try {
    for (const [at] of all.entries()) {
      while (loading.length < Math.min(all.length, at + AHEAD)) {
        const values = bundle.expression(all[loading.length], signal);
        // If it fails, that is reported once it is its turn.
        values.catch(() => {});
        loading.push(values);
      }
      onProgress(at, all.length);
      const values = await loading[at];
      signal.throwIfAborted();
      const weight = at < genes.length ? 1 / genes.length : -1 / others.length;
      await sum.add(values, weight, method === 'zscore');
      signal.throwIfAborted();
      // What is added need not be kept.
      loading[at] = Promise.resolve(new Float32Array());
    }
  } catch (error) {
    sum.drop();
    throw error;
  }
  return { values: await sum.take(), control };
}

const NAMES: Readonly<Record<Method, string>> = { mean: 'mean', zscore: 'mean z-score', score: 'score' };

/** Such as `T cells (mean of 5 genes)`. */
export function listLabel({ name, genes, method }: ByList): string {
  return `${name} (${NAMES[method]} of ${formatCounted(genes.length, 'gene')})`;
}

/** What the values are, in a sentence. */
export function aboutList({ genes, method }: ByList, control: Control | null): string {
  const count = formatCounted(genes.length, 'gene');
  if (method === 'mean') return `Mean of the values of ${count}.`;
  if (method === 'zscore')
    return `Mean over ${count} of the value less the gene’s mean, divided by its standard deviation, over all cells.`;
  const others = formatCounted(control?.genes.length ?? 0, 'control gene');
  const whence = control?.isBinned
    ? 'with similar means, as scanpy.tl.score_genes draws them, but at most 200 in all'
    : 'drawn from all, as this bundle has no means of genes to choose similar ones by';
  return `Mean of ${count} less the mean of ${others} ${whence}; always the same ones.`;
}
