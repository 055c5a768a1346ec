import { expose, transfer } from 'comlink';
import type { ColumnValues } from '../../bundle/bundle';
import { decodeBlock, type Block } from '../../bundle/formats/sparse_block';
import type { Bytes } from '../../bytes/files';
import type { Floats } from '../../bytes/numbers';
import { comparing } from '../compare/in_worker';
import { WeightedSum } from '../genes/score';
import { engine } from '../plots/engine/engine';
import type { Key } from './filter';
import { Masks, type Change, type Shown } from './masks';

let masks: Masks;
const sums = new Map<number, WeightedSum>();

/** What the worker of the page does, so that the page reacts meanwhile. */
const services = {
  alive: () => true as const,
  ...comparing,
  beginMasks(nCells: number): void {
    masks = new Masks(nCells);
  },
  putValues(key: Key, values: ColumnValues): void {
    masks.put(key, values);
  },
  dropValues(key: Key): void {
    masks.drop(key);
  },
  changeMasks(changes: readonly Change[]): Shown {
    const shown = masks.change(changes);
    const { mask, hidden } = shown;
    // The bits of the filters stay here, and are copied: an eighth of a byte for each cell.
    const arrays = mask && hidden ? [mask, hidden.once, hidden.twice] : [];
    return transfer(
      shown,
      arrays.map(({ buffer }) => buffer),
    );
  },
  beginSum(id: number, nCells: number): void {
    sums.set(id, new WeightedSum(nCells));
  },
  async addToSum(id: number, values: Floats, weight: number, isScaled: boolean): Promise<void> {
    await sums.get(id)?.add(values, weight, isScaled);
  },
  takeSum(id: number): Floats {
    const values = sums.get(id)!.take();
    sums.delete(id);
    return transfer(values, [values.buffer]);
  },
  async decodeBlock(stored: Bytes, block: Block): Promise<Floats> {
    const values = await decodeBlock(stored, block);
    return transfer(values, [values.buffer]);
  },
  ...engine(),
};

export type PageServices = typeof services;

expose(services);
