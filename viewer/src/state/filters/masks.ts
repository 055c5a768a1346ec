import type { ColumnValues } from '../../bundle/bundle';
import { countBits, hiddenBut, hiddenByAny, maskOf, type Bits, type Hidden } from './bits';
import { excludedBy } from './exclude';
import type { Filter, Key } from './filter';
import type { Mask } from './mask';

/** A filter that is new or different, or null for one that no longer applies. */
export interface Change {
  readonly key: Key;
  readonly filter: Filter | null;
}

/** Which cells the filters show. */
export interface Shown {
  readonly mask: Mask;
  readonly nShown: number;
  readonly hidden: Hidden | null;
  /** What each filter hides. */
  readonly by: ReadonlyMap<Key, Bits>;
}

/**
 * Keeps a bit per cell for each filter. A change goes through the values of one filter; joining the bits of all
 * filters, 32 cells at a time, is quick. Runs in a worker if there are many cells.
 */
export class Masks {
  readonly #values = new Map<Key, ColumnValues>();
  readonly #by = new Map<Key, Bits>();

  constructor(readonly nCells: number) {}

  /** Takes the values that a filter looks at. */
  put(key: Key, values: ColumnValues): void {
    this.#values.set(key, values);
  }

  drop(key: Key): void {
    this.#values.delete(key);
  }

  change(changes: readonly Change[]): Shown {
    const { nCells } = this;
    for (const { key, filter } of changes) {
      if (filter) this.#by.set(key, excludedBy(filter, this.#values.get(key), nCells));
      else this.#by.delete(key);
    }
    const by = new Map(this.#by);
    if (by.size === 0) return { mask: null, nShown: nCells, hidden: null, by };
    const hidden = hiddenByAny(by.values(), nCells);
    return { mask: maskOf(hidden.once, nCells), nShown: nCells - countBits(hidden.once), hidden, by };
  }
}

/** The mask of all filters but one. */
export function maskWithout({ mask, hidden, by }: Shown, key: Key, nCells: number): Mask {
  const own = by.get(key);
  if (!own || !hidden) return mask;
  return by.size === 1 ? null : maskOf(hiddenBut(hidden, own), nCells);
}
