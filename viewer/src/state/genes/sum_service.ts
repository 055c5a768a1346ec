import type { Floats } from '../../bytes/numbers';
import { WORTH_A_WORKER, type StartWorker } from '../filters/service';
import { WeightedSum } from './score';

/** Adds values up: in slices in the page, or in its worker. */
export interface SumService {
  add(values: Floats, weight: number, isScaled: boolean): Promise<void>;
  take(): Floats | Promise<Floats>;
  /** For a sum that nobody wants any more. */
  drop(): void;
}

let nSums = 0;

export async function openSum(nCells: number, start: StartWorker | undefined): Promise<SumService> {
  const worker = nCells < WORTH_A_WORKER || !start ? null : await start();
  if (!worker) {
    const sum = new WeightedSum(nCells);
    return { add: (...args) => sum.add(...args), take: () => sum.take(), drop: () => {} };
  }
  const id = nSums++;
  await worker.beginSum(id, nCells);
  return {
    add: (...args) => worker.addToSum(id, ...args),
    take: () => worker.takeSum(id),
    drop: () => void worker.takeSum(id),
  };
}
