import type { ColumnValues } from '../../bundle/bundle';
import { excludedBy, nWords, type Bits } from './exclude';
import type { Filter, Key } from './filter';
import { SHOWN, type Mask } from './mask';

/** A filter that is new or different, or null for one that no longer applies. */
export interface Change {
  readonly key: Key;
  readonly filter: Filter | null;
}

/** Which cells the filters show. */
export interface Shown {
  readonly mask: Mask;
  /** One byte per cell: 0 if it is shown, the number of the filter that alone hides it, or `SEVERAL`. */
  readonly alone: Mask;
  /** The numbers of the filters. */
  readonly slots: ReadonlyMap<Key, number>;
  readonly nShown: number;
}

/** Filters that can apply at the same time: each has a number that fits into a byte. */
export const MOST_FILTERS = 200;
const SEVERAL = 255;

interface Applied {
  readonly slot: number;
  readonly bits: Bits;
}

/**
 * Keeps for each cell how many filters hide it, and which one if it is the only one. A change goes through the cells
 * of one filter, and touches only those for which its answer differs. Runs in a worker if there are many cells.
 */
export class Masks {
  readonly #values = new Map<Key, ColumnValues>();
  readonly #applied = new Map<Key, Applied>();
  readonly #counts: Uint8Array;
  /** The numbers of the filters that hide a cell, joined by exclusive or: the number itself if there is one. */
  readonly #joined: Uint8Array;
  readonly #alone: Uint8Array<ArrayBuffer>;
  readonly #mask: Uint8Array<ArrayBuffer>;
  #nShown: number;

  constructor(readonly nCells: number) {
    this.#counts = new Uint8Array(nCells);
    this.#joined = new Uint8Array(nCells);
    this.#alone = new Uint8Array(nCells);
    this.#mask = new Uint8Array(nCells).fill(SHOWN);
    this.#nShown = nCells;
  }

  /** Takes the values that a filter looks at. */
  put(key: Key, values: ColumnValues): void {
    this.#values.set(key, values);
  }

  drop(key: Key): void {
    this.#values.delete(key);
  }

  change(changes: readonly Change[]): Shown {
    for (const { key, filter } of changes) {
      const before = this.#applied.get(key);
      const slot = before?.slot ?? this.#freeSlot();
      const bits = filter && excludedBy(filter, this.#values.get(key), this.nCells);
      this.#flip(slot, before?.bits ?? null, bits);
      if (bits) this.#applied.set(key, { slot, bits });
      else this.#applied.delete(key);
    }
    const isFiltered = this.#applied.size > 0;
    return {
      // Copies, since they are handed over to another thread: 1 ms for ten million cells.
      mask: isFiltered ? this.#mask.slice() : null,
      alone: this.#applied.size > 1 ? this.#alone.slice() : null,
      slots: new Map([...this.#applied].map(([key, { slot }]) => [key, slot])),
      nShown: this.#nShown,
    };
  }

  #freeSlot(): number {
    const taken = new Set([...this.#applied.values()].map(({ slot }) => slot));
    let slot = 1;
    while (taken.has(slot)) slot++;
    return slot;
  }

  /** Goes through the cells that the filter now hides and did not, or the other way round. */
  #flip(slot: number, before: Bits | null, after: Bits | null): void {
    for (let word = 0; word < nWords(this.nCells); word++) {
      const hidden = after ? after[word] : 0;
      let left = (before ? before[word] : 0) ^ hidden;
      while (left !== 0) {
        const bit = 31 - Math.clz32(left & -left);
        left &= left - 1;
        this.#set(word * 32 + bit, slot, (hidden >>> bit) & 1);
      }
    }
  }

  #set(cell: number, slot: number, isHidden: number): void {
    const count = this.#counts[cell] + (isHidden ? 1 : -1);
    const joined = this.#joined[cell] ^ slot;
    if (count === 0) this.#nShown++;
    else if (count === 1 && isHidden) this.#nShown--;
    this.#counts[cell] = count;
    this.#joined[cell] = joined;
    this.#alone[cell] = count > 1 ? SEVERAL : joined;
    this.#mask[cell] = count === 0 ? SHOWN : 0;
  }
}

/** The mask of all filters but one. */
export function maskWithout({ mask, alone, slots }: Shown, key: Key): Mask {
  const slot = slots.get(key);
  if (slot === undefined) return mask;
  if (!alone) return null;
  const bytes = new Uint8Array(alone.length);
  for (let cell = 0; cell < alone.length; cell++) {
    const by = alone[cell];
    bytes[cell] = by === 0 || by === slot ? SHOWN : 0;
  }
  return bytes;
}
