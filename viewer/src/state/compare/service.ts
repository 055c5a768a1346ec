import type { StartWorker } from '../filters/service';
import { GeneSummer, type GeneSums, type Marks } from './gene_sums';

/** Sums genes over two sides: in the worker of the page, or in the page. */
export interface SumService {
  /** One gene after another. */
  sum(values: Float32Array<ArrayBuffer>): Promise<GeneSums>;
  close(): void;
}

/** Longest time in which the page does not react, in milliseconds. */
const MOST_MS = 12;

/** Sums in the worker, if there can be one. */
export async function openSums(marks: Marks, start?: StartWorker): Promise<SumService> {
  const worker = (await start?.()) ?? null;
  if (!worker) return inPage(new GeneSummer(marks));
  await worker.beginComparison(marks);
  return { sum: (values) => worker.compareGene(values), close: () => void worker.endComparison() };
}

function inPage(summer: GeneSummer): SumService {
  let begun = performance.now();
  const sum = async (values: Float32Array) => {
    const steps = summer.steps(values);
    let step = steps.next();
    while (!step.done) {
      if (performance.now() - begun > MOST_MS) {
        await new Promise((done) => setTimeout(done));
        begun = performance.now();
      }
      step = steps.next();
    }
    return step.value;
  };
  return { sum, close: () => {} };
}
