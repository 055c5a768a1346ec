import { transfer } from 'comlink';
import { decodeBlock, type DecodeBlock } from '../../bundle/formats/sparse_block';
import type { StartWorker } from '../filters/service';

/** Decodes genes in the worker of the page, or in the page if there can be none. */
export function decoderOf(start: StartWorker): DecodeBlock {
  return async (stored, block) => {
    const worker = await start();
    if (!worker) return decodeBlock(stored, block);
    // Without a copy, all that was read together would go along, or be lost here.
    const own = stored.slice();
    return worker.decodeBlock(transfer(own, [own.buffer]), block);
  };
}
