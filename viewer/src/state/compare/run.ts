import type { Bundle } from '../../bundle/bundle';
import type { GeneSums } from './gene_sums';
import type { SumService } from './service';

/** Genes that are loaded at once: as few as hide the time of a request. */
const MOST_AT_ONCE = 6;
/** Values that may be in memory at once; one gene always. */
const MOST_NBYTES = 192 * 2 ** 20;

/** Loads and sums genes, several at once. The values of each are dropped. Rejects when it is aborted. */
export async function sumGenes(
  bundle: Pick<Bundle, 'nCells' | 'passingGenes'>,
  genes: readonly number[],
  sums: SumService,
  signal: AbortSignal,
  onDone: (done: number) => void,
): Promise<GeneSums[]> {
  const found = new Array<GeneSums>(genes.length);
  let [next, done] = [0, 0];
  const stop = new AbortController();
  const cancel = () => stop.abort(signal.reason);
  signal.addEventListener('abort', cancel);
  /** The worker gets one gene at a time, so that other work does not wait long. */
  let turn: Promise<unknown> = Promise.resolve();
  const passing = bundle.passingGenes();
  const one = async (at: number) => {
    const values = await passing.expression(genes[at], stop.signal);
    const mine = turn.then(() => {
      stop.signal.throwIfAborted();
      return sums.sum(values);
    });
    turn = mine.catch(() => {});
    found[at] = await mine;
    stop.signal.throwIfAborted();
    onDone(++done);
  };
  const lane = async () => {
    while (next < genes.length && !stop.signal.aborted) await one(next++).catch((error) => stop.abort(error));
  };
  const atOnce = Math.min(MOST_AT_ONCE, Math.floor(MOST_NBYTES / (8 * bundle.nCells)), genes.length);
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, lane));
  signal.removeEventListener('abort', cancel);
  stop.signal.throwIfAborted();
  return found;
}
