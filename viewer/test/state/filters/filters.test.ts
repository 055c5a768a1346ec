import { describe, expect, test } from 'vitest';
import type { Bundle } from '../../../src/bundle/bundle';
import type { Filter, NumberFilter } from '../../../src/state/filters/filter';
import { Filters } from '../../../src/state/filters/filters';
import { Masks, type Change, type Shown } from '../../../src/state/filters/masks';
import type { MaskService } from '../../../src/state/filters/service';

const N_CELLS = 5;

/** Column 0 has categories, the others have numbers; each gene has the numbers of the cells. */
function bundleOf(asked: string[] = []): Bundle {
  const column = (index: number) => {
    asked.push(`column ${index}`);
    return Promise.resolve(
      index === 0
        ? { kind: 'codes', codes: Uint8Array.of(0, 0, 1, 1, 2), missing: 255 }
        : { kind: 'numbers', values: Float64Array.of(0, 1, 2, 3, NaN) },
    );
  };
  const expression = (gene: number) => {
    asked.push(`gene ${gene}`);
    if (gene === 9) return Promise.reject(new Error('gone'));
    return Promise.resolve(Float32Array.of(5, 4, 3, 2, 1));
  };
  return { nCells: N_CELLS, column, expression } as unknown as Bundle;
}

const number = (column: number, low: number | null, high: number | null = null): NumberFilter => ({
  kind: 'number',
  column,
  low,
  high,
  withMissing: false,
  isOn: true,
});
const gene = (index: number, low: number): Filter => ({
  kind: 'gene',
  gene: index,
  name: `gene ${index}`,
  low,
  high: null,
  withMissing: false,
  isOn: true,
});

const shown = (filters: Filters) => [...filters.shownCells()];

describe('filters', () => {
  test('apply together', async () => {
    const filters = new Filters(bundleOf());
    await filters.hide(0, new Set([1]));
    await filters.put(number(1, 1));
    expect(shown(filters)).toEqual([1]);
    await filters.put(gene(0, 5));
    expect(shown(filters)).toEqual([]);
    expect(filters.nShown.value).toBe(0);
    const cells: Filter = {
      kind: 'cells',
      name: 'mine',
      cells: Uint32Array.of(1, 3),
      isInside: true,
      isOn: true,
    };
    await filters.restore([cells]);
    expect(shown(filters)).toEqual([1, 3]);
    await filters.put({ ...cells, cells: Uint32Array.of(0) });
    expect(shown(filters)).toEqual([0]);
    await filters.put({ ...cells, isInside: false });
    expect(shown(filters)).toEqual([0, 2, 4]);
  });

  test('are switched off, on, replaced and removed', async () => {
    const filters = new Filters(bundleOf());
    await filters.put(number(1, 2));
    await filters.put({ ...number(1, 2), isOn: false });
    expect(filters.mask.value).toBe(null);
    expect(filters.all.value).toHaveLength(1);
    await filters.put(number(1, 3));
    expect(shown(filters)).toEqual([3]);
    await filters.remove('column 1');
    expect([filters.all.value, filters.mask.value]).toEqual([[], null]);
  });

  test('that hide nothing are removed', async () => {
    const filters = new Filters(bundleOf());
    await filters.put(number(1, 2));
    await filters.put({ ...number(1, null), withMissing: true });
    await filters.hide(0, new Set());
    expect(filters.all.value).toEqual([]);
  });

  test('of a column without numbers are none', async () => {
    const filters = new Filters(bundleOf());
    await filters.put(number(0, 2));
    expect(filters.all.value).toEqual([]);
  });

  test('of the past are loaded again; one that cannot be is removed, and that is told', async () => {
    const asked: string[] = [];
    const told: unknown[] = [];
    const filters = new Filters(bundleOf(asked), (error) => told.push(error));
    await filters.put(gene(0, 4));
    const past = filters.all.value;
    filters.clear();
    expect(filters.mask.value).toBe(null);
    await filters.restore(past);
    expect(shown(filters)).toEqual([0, 1]);
    expect(asked).toEqual(['gene 0', 'gene 0']);
    await filters.restore([gene(9, 1), ...past]);
    expect(filters.all.value).toEqual(past);
    expect(told).toEqual([new Error('gone')]);
    await expect(filters.put(gene(9, 1))).rejects.toThrow('gone');
  });

  test('that are still loading when all are cleared do not come back', async () => {
    const filters = new Filters(bundleOf());
    const late = filters.put(gene(0, 4));
    filters.clear();
    await late;
    expect(filters.all.value).toEqual([]);
  });

  test('know the mask of the others, which a filter of its own leaves as it is', async () => {
    const filters = new Filters(bundleOf());
    await filters.hide(0, new Set([1]));
    await filters.put(number(1, 1));
    const beside = filters.maskBeside(1);
    expect([...beside!]).toEqual([255, 255, 0, 0, 255]);
    await filters.put(number(1, 2));
    expect(filters.maskBeside(1)).toBe(beside);
    await filters.hide(0, new Set([0]));
    expect([...filters.maskBeside(1)!]).toEqual([0, 0, 255, 255, 255]);
  });
});

/** Answers when it is told to, as a worker does. */
class Slow implements MaskService {
  readonly #masks = new Masks(N_CELLS);
  readonly asked: (readonly Change[])[] = [];
  readonly waiting: (() => void)[] = [];
  readonly values: string[] = [];

  put(key: string, values: Parameters<Masks['put']>[1]): void {
    this.values.push(key);
    this.#masks.put(key, values);
  }
  drop(key: string): void {
    this.values.splice(this.values.indexOf(key), 1);
    this.#masks.drop(key);
  }
  async change(changes: readonly Change[]): Promise<Shown> {
    this.asked.push(changes);
    await new Promise<void>((done) => this.waiting.push(done));
    return this.#masks.change(changes);
  }
}

describe('with a worker', () => {
  test('changes that others replace are never computed', async () => {
    const slow = new Slow();
    const filters = new Filters(
      bundleOf(),
      () => {},
      () => Promise.resolve(slow),
    );
    const first = filters.put(number(1, 0));
    await expect.poll(() => slow.waiting.length).toBe(1);
    const later = [1, 2, 3].map((low) => filters.put(number(1, low)));
    await expect.poll(() => filters.all.value).toEqual([number(1, 3)]);
    expect(filters.mask.value).toBe(null);
    slow.waiting.shift()!();
    await expect.poll(() => slow.waiting.length).toBe(1);
    expect(shown(filters)).toEqual([0, 1, 2, 3]);
    slow.waiting.shift()!();
    await Promise.all([first, ...later]);
    expect(shown(filters)).toEqual([3]);
    expect(slow.asked.map(([{ filter }]) => (filter as NumberFilter).low)).toEqual([0, 3]);
  });

  test('values are handed over once, and dropped with their filter', async () => {
    const slow = new Slow();
    const filters = new Filters(
      bundleOf(),
      () => {},
      () => slow,
    );
    const answer = async (work: Promise<void>) => {
      await expect.poll(() => slow.waiting.length).toBe(1);
      slow.waiting.shift()!();
      await work;
    };
    await answer(filters.put(number(1, 0)));
    await answer(filters.put(number(1, 1)));
    await answer(filters.put(number(2, 1)));
    expect(slow.values).toEqual(['column 1', 'column 2']);
    await answer(filters.remove('column 1'));
    expect(slow.values).toEqual(['column 2']);
  });

  test('a failure is told, and the next change works again', async () => {
    const masks = new Masks(N_CELLS);
    const told: unknown[] = [];
    let fails = true;
    const service: MaskService = {
      put: (key, values) => masks.put(key, values),
      drop: (key) => masks.drop(key),
      change: (changes) =>
        fails ? Promise.reject(new Error('full')) : Promise.resolve(masks.change(changes)),
    };
    const filters = new Filters(
      bundleOf(),
      (error) => told.push(error),
      () => service,
    );
    await filters.put(number(1, 3));
    expect(told).toEqual([new Error('full')]);
    fails = false;
    await filters.put(number(1, 2));
    expect(shown(filters)).toEqual([2, 3]);
  });
});
