import { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { isAbort } from '../../bytes/shared';
import type { Bundle, ColumnValues } from '../../bundle/bundle';
import { columnKey, isIdle, keyOf, type CellsFilter, type Filter, type Key } from './filter';
import type { Codes, Mask } from './mask';
import { maskWithout, type Change, type Shown } from './masks';
import { openMasks, type MaskService } from './service';

type Open = (nCells: number) => MaskService | Promise<MaskService>;

/** The filters of the user. A cell is shown if all of them that are on show it. */
export class Filters {
  /** All filters, in the order in which they were made. Never changed, only replaced, so that it can be taken back. */
  readonly all = signal<readonly Filter[]>([]);
  readonly #codes = new Map<number, Codes>();
  readonly #values = new Map<Key, ColumnValues>();
  readonly #shown: Signal<Shown>;
  readonly #open: Open;
  #service: MaskService | Promise<MaskService> | null = null;
  /** The filters of the masks, which are those that are on, once work is done. */
  readonly #applied = new Map<Key, Filter>();
  /** Keys whose values the service has. */
  readonly #handed = new Set<Key>();
  #following: Promise<void> | null = null;
  #isSliding = false;
  /** Aborted when all filters are replaced: one that is still being loaded is then no longer wanted. */
  #era = new AbortController();
  /** By key, the mask of all other filters. */
  readonly #beside = new Map<Key, Mask>();

  /** Hidden codes by column, of filters that are on; columns without hidden codes are absent. */
  readonly hidden: ReadonlySignal<ReadonlyMap<number, ReadonlySet<number>>> = computed(() => {
    const hidden = new Map<number, ReadonlySet<number>>();
    for (const each of this.all.value)
      if (each.kind === 'categories' && each.isOn) hidden.set(each.column, each.hidden);
    return hidden;
  });

  /** Columns with a filter that is on. */
  readonly columns: ReadonlySignal<readonly number[]> = computed(() =>
    this.all.value.flatMap((each) => ('column' in each && each.isOn ? [each.column] : [])),
  );

  /** One byte per cell: `SHOWN` or 0; null if no filter is on. */
  readonly mask: ReadonlySignal<Mask> = computed(() => this.#shown.value.mask);
  readonly nShown: ReadonlySignal<number> = computed(() => this.#shown.value.nShown);

  constructor(
    readonly bundle: Bundle,
    /** Told of what fails while nobody waits for it. */
    readonly onFailure: (error: unknown) => void = () => {},
    open: Open = openMasks,
  ) {
    this.#open = open;
    this.#shown = signal<Shown>({ mask: null, nShown: bundle.nCells, hidden: null, by: new Map() });
    effect(() => {
      void this.all.value;
      untracked(() => void this.#follow());
    });
  }

  /** The mask of the filters of all other columns. */
  maskBeside(column: number): Mask {
    return this.maskWithout(columnKey(column));
  }

  /** The mask of all other filters. */
  maskWithout(key: Key): Mask {
    const shown = this.#shown.value;
    if (!shown.by.has(key)) return shown.mask;
    if (!this.#beside.has(key)) this.#beside.set(key, maskWithout(shown, key, this.bundle.nCells));
    return this.#beside.get(key)!;
  }

  get(key: Key): Filter | undefined {
    return this.all.value.find((each) => keyOf(each) === key);
  }

  /** Whether the change that is being made moves the bounds of a filter, as a slider does in many small steps. */
  get isSliding(): boolean {
    return this.#isSliding;
  }

  /** Whether a filter can be applied without loading anything. */
  isLoaded(filter: Filter): boolean {
    return filter.kind === 'cells' || this.#values.has(keyOf(filter));
  }

  /** Adds a filter, or replaces the one of the same key; loads its values. One that hides nothing is removed. */
  async put(filter: Filter): Promise<void> {
    const key = keyOf(filter);
    if (filter.kind !== 'cells' && !isIdle(filter) && !this.isLoaded(filter)) {
      const era = this.#era.signal;
      const values = await this.#load(filter, era);
      if (!values || era.aborted) return;
      this.#values.set(key, values);
    }
    const others = this.all.peek();
    const at = others.findIndex((each) => keyOf(each) === key);
    if (isIdle(filter)) this.all.value = others.filter((_, index) => index !== at);
    else if (at >= 0) this.#replace(at, filter);
    else this.all.value = [...others, filter];
    await this.#following;
  }

  #replace(at: number, filter: Filter): void {
    const all = this.all.peek();
    this.#isSliding = isSlide(all[at], filter);
    this.all.value = all.with(at, filter);
    this.#isSliding = false;
  }

  async remove(key: Key): Promise<void> {
    this.all.value = this.all.peek().filter((each) => keyOf(each) !== key);
    await this.#following;
  }

  /** Replaces all filters, such as by earlier ones. */
  async restore(filters: readonly Filter[]): Promise<void> {
    this.#beginEra();
    this.all.value = filters;
    await this.#following;
  }

  /** Replaces the hidden codes of one column, and switches its filter on. */
  hide(column: number, codes: ReadonlySet<number>): Promise<void> {
    return this.put({ kind: 'categories', column, hidden: new Set(codes), isOn: true });
  }

  clear(): void {
    this.#beginEra();
    if (this.all.peek().length > 0) this.all.value = [];
  }

  #beginEra(): void {
    this.#era.abort();
    this.#era = new AbortController();
  }

  /** The codes of a column, which are then kept; null if it has none. */
  async codes(column: number, signal?: AbortSignal): Promise<Codes | null> {
    const known = this.#codes.get(column);
    if (known) return known;
    const values = await this.bundle.column(column, signal);
    if (values.kind !== 'codes') return null;
    this.#codes.set(column, values);
    return values;
  }

  /** The values of a column with a filter. */
  valuesOf(column: number): ColumnValues | undefined {
    return this.#values.get(columnKey(column)) ?? this.#codes.get(column);
  }

  /** The shown cells, in ascending order. */
  shownCells(): Uint32Array<ArrayBuffer> {
    const mask = this.mask.peek();
    const cells = new Uint32Array(this.nShown.peek());
    let count = 0;
    for (let cell = 0; cell < this.bundle.nCells; cell++) {
      if (!mask || mask[cell] !== 0) cells[count++] = cell;
    }
    return cells;
  }

  /** What a filter looks at; null if its column is of another kind. */
  async #load(filter: Exclude<Filter, CellsFilter>, signal: AbortSignal): Promise<ColumnValues | null> {
    switch (filter.kind) {
      case 'categories':
        return this.codes(filter.column, signal);
      case 'gene':
        return { kind: 'numbers', values: await this.bundle.expression(filter.gene, signal) };
      case 'number': {
        const values = await this.bundle.column(filter.column, signal);
        return values.kind === 'numbers' ? values : null;
      }
    }
  }

  /** Brings the masks up to date: at once if possible. Filters that are replaced meanwhile are never applied. */
  #follow(): void {
    if (this.#following) return;
    const work = this.#catchUp();
    if (!work) return;
    this.#following = work
      .catch((error: unknown) => this.onFailure(error))
      .finally(() => (this.#following = null));
  }

  /** Null if nothing is left to do. */
  #catchUp(): Promise<void> | null {
    const wanted = new Map(this.all.peek().map((each) => [keyOf(each), each]));
    const unknown = [...wanted.values()].filter((each) => each.isOn && !this.isLoaded(each));
    if (unknown.length > 0) return this.#again(this.#loadAll(unknown));
    const changes = changesBetween(this.#applied, wanted);
    if (changes.length === 0) {
      this.#forget(wanted);
      return null;
    }
    const service = (this.#service ??= this.#open(this.bundle.nCells));
    if (service instanceof Promise) return this.#again(service.then((ready) => (this.#service = ready)));
    for (const { key, filter } of changes) {
      const values = this.#values.get(key);
      if (!filter || !values || this.#handed.has(key)) continue;
      service.put(key, values);
      this.#handed.add(key);
    }
    const shown = service.change(changes);
    if (shown instanceof Promise) return this.#again(shown.then((ready) => this.#take(ready, changes)));
    this.#take(shown, changes);
    return this.#catchUp();
  }

  async #again(work: Promise<unknown>): Promise<void> {
    await work;
    await this.#catchUp();
  }

  #take(shown: Shown, changes: readonly Change[]): void {
    for (const { key, filter } of changes) {
      if (filter) this.#applied.set(key, filter);
      else this.#applied.delete(key);
    }
    // A filter leaves the mask of all others as it was.
    const [only, ...more] = changes;
    for (const key of this.#beside.keys())
      if (more.length > 0 || key !== only.key || !shown.by.has(key)) this.#beside.delete(key);
    this.#shown.value = shown;
  }

  /** Loads what earlier filters look at. Those for which that fails are removed. */
  async #loadAll(filters: readonly Filter[]): Promise<void> {
    const era = this.#era.signal;
    for (const filter of filters) {
      if (filter.kind === 'cells') continue;
      const key = keyOf(filter);
      try {
        const values = await this.#load(filter, era);
        if (values) this.#values.set(key, values);
      } catch (error) {
        // The filters that are wanted now are loaded next.
        if (isAbort(error) && era.aborted) return;
        this.onFailure(error);
      }
      if (!this.isLoaded(filter)) this.all.value = this.all.peek().filter((each) => each !== filter);
    }
  }

  /** Drops the values of removed filters. */
  #forget(wanted: ReadonlyMap<Key, Filter>): void {
    for (const key of this.#values.keys()) {
      if (wanted.has(key)) continue;
      this.#values.delete(key);
      if (!this.#handed.delete(key) || !this.#service || this.#service instanceof Promise) continue;
      this.#service.drop(key);
    }
  }
}

function isSlide(before: Filter, after: Filter): boolean {
  if (!('low' in before && 'low' in after)) return false;
  return before.isOn && after.isOn && after.withMissing === before.withMissing;
}

function changesBetween(applied: ReadonlyMap<Key, Filter>, wanted: ReadonlyMap<Key, Filter>): Change[] {
  const gone = [...applied.keys()].filter((key) => !wanted.get(key)?.isOn);
  const different = [...wanted].filter(([key, each]) => each.isOn && applied.get(key) !== each);
  return [
    ...gone.map((key) => ({ key, filter: null })),
    ...different.map(([key, filter]) => ({ key, filter })),
  ];
}
