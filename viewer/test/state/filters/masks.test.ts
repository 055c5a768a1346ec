import { describe, expect, test } from 'vitest';
import type { ColumnValues } from '../../../src/bundle/bundle';
import type { Numbers } from '../../../src/bytes/numbers';
import { excludedBy } from '../../../src/state/filters/exclude';
import type { Filter } from '../../../src/state/filters/filter';
import { MISSING, SHOWN } from '../../../src/state/filters/mask';
import { Masks, maskWithout, type Change } from '../../../src/state/filters/masks';

const CODES = { kind: 'codes', codes: Uint8Array.of(0, 1, 255, 1), missing: 255 } as const;
const WIDE = { kind: 'codes', codes: Uint32Array.of(0, 0, 0, 70000), missing: 4294967295 } as const;

const hides = (...codes: number[]): Filter => ({
  kind: 'categories',
  column: 0,
  hidden: new Set(codes),
  isOn: true,
});
const between = (low: number | null, high: number | null, withMissing = false): Filter => ({
  kind: 'number',
  column: 0,
  low,
  high,
  withMissing,
  isOn: true,
});
const numbers = (values: Numbers): ColumnValues => ({
  kind: 'numbers',
  values,
});
/** Numbers of the hidden cells. */
function hidden(filter: Filter, values: ColumnValues | undefined, nCells: number): number[] {
  const bits = excludedBy(filter, values, nCells);
  return Array.from({ length: 32 * bits.length }, (_, cell) => cell).filter(
    (cell) => (bits[cell >> 5] >>> (cell & 31)) & 1,
  );
}

describe('a filter hides', () => {
  test('categories, and cells without one', () => {
    expect(hidden(hides(1), CODES, 4)).toEqual([1, 3]);
    expect(hidden(hides(MISSING), CODES, 4)).toEqual([2]);
    expect(hidden(hides(70000, MISSING), WIDE, 4)).toEqual([3]);
    const signed = { kind: 'codes', codes: Int8Array.of(0, 1, -1, 127), missing: -1 } as const;
    expect(hidden(hides(127), signed, 4)).toEqual([3]);
    expect(hidden(hides(0, MISSING), signed, 4)).toEqual([0, 2]);
    const none = { kind: 'codes', codes: Uint16Array.of(0, 65535), missing: 65535 } as const;
    expect(hidden(hides(MISSING), none, 2)).toEqual([1]);
    expect(hidden(hides(), WIDE, 4)).toEqual([]);
  });

  test('numbers beyond its bounds, which it shows', () => {
    const values = numbers(Float64Array.of(-1, 0, 0.5, 1, 2, NaN, Infinity, -Infinity));
    expect(hidden(between(0, 1), values, 8)).toEqual([0, 4, 5, 6, 7]);
    expect(hidden(between(0, null), values, 8)).toEqual([0, 5, 7]);
    expect(hidden(between(null, 1), values, 8)).toEqual([4, 5, 6]);
    expect(hidden(between(null, null), values, 8)).toEqual([5]);
    expect(hidden(between(2, 2, true), values, 8)).toEqual([0, 1, 2, 3, 6, 7]);
  });

  test('no float32 that equals a bound when both are rounded to float32', () => {
    expect(hidden(between(0.1, 0.1), numbers(Float32Array.of(0.1, 0.2)), 2)).toEqual([1]);
    expect(hidden(between(0.1, 0.1), numbers(Float64Array.of(0.1, Math.fround(0.1))), 2)).toEqual([1]);
  });

  test.each([31, 32, 33, 64])('all of %i cells but those of a list', (nCells) => {
    const filter = {
      kind: 'cells',
      name: '',
      cells: Uint32Array.of(0, 30),
      isInside: true,
      isOn: true,
    } as const;
    const all = Array.from({ length: nCells }, (_, cell) => cell);
    expect(hidden(filter, undefined, nCells)).toEqual(all.filter((cell) => cell !== 0 && cell !== 30));
    expect(hidden({ ...filter, isInside: false }, undefined, nCells)).toEqual([0, 30]);
  });

  test('nothing of values of another kind: that is an error', () => {
    expect(() => excludedBy(hides(1), numbers(Float32Array.of(1)), 1)).toThrow('categories');
  });
});

describe('masks', () => {
  const VALUES = new Map<string, ColumnValues>([
    ['a', CODES],
    ['b', WIDE],
    ['c', numbers(Float32Array.of(1, 2, 3, NaN))],
  ]);

  function begun(): Masks {
    const masks = new Masks(4);
    for (const [key, values] of VALUES) masks.put(key, values);
    return masks;
  }

  test('are none without a filter', () => {
    expect(begun().change([])).toEqual({
      mask: null,
      nShown: 4,
      hidden: null,
      by: new Map(),
    });
  });

  test('show what all filters show, and know what each of them alone hides', () => {
    const masks = begun();
    const first = masks.change([{ key: 'a', filter: hides(1) }]);
    expect([...first.mask!]).toEqual([SHOWN, 0, SHOWN, 0]);
    expect(first.nShown).toBe(2);
    expect(maskWithout(first, 'a', 4)).toBe(null);
    expect(maskWithout(first, 'b', 4)).toBe(first.mask);
    const both = masks.change([{ key: 'c', filter: between(1, 2) }]);
    expect([...both.mask!]).toEqual([SHOWN, 0, 0, 0]);
    expect([...maskWithout(both, 'a', 4)!]).toEqual([SHOWN, SHOWN, 0, 0]);
    expect([...maskWithout(both, 'c', 4)!]).toEqual([SHOWN, 0, SHOWN, 0]);
    // The first one is a copy, which stays as it was.
    expect([...first.mask!]).toEqual([SHOWN, 0, SHOWN, 0]);
    const last = masks.change([{ key: 'a', filter: null }]);
    expect([...last.mask!]).toEqual([SHOWN, SHOWN, 0, 0]);
    expect(masks.change([{ key: 'c', filter: null }])).toMatchObject({ mask: null, nShown: 4 });
  });

  test('after any changes are those of the filters that are left', () => {
    const nCells = 1000;
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    const masks = new Masks(nCells);
    const keys = ['k0', 'k1', 'k2', 'k3', 'k4'];
    const values = new Map(
      keys.map((key) => [key, numbers(Float32Array.from({ length: nCells }, () => random(100)))]),
    );
    for (const [key, each] of values) masks.put(key, each);
    const filters = new Map<string, Filter>();
    for (let round = 0; round < 60; round++) {
      const changes: Change[] = [];
      for (const key of new Set([keys[random(5)], keys[random(5)]])) {
        const filter = random(3) === 0 ? null : between(random(60), 40 + random(60));
        if (!filter && !filters.has(key)) continue;
        changes.push({ key, filter });
        if (filter) filters.set(key, filter);
        else filters.delete(key);
      }
      const shown = masks.change(changes);
      const isShownBy = (cell: number, but = '') =>
        [...filters].every(([key, each]) => key === but || !hiddenIn(each, values.get(key)!, cell));
      const cells = Array.from({ length: nCells }, (_, cell) => cell);
      expect(shown.nShown).toBe(cells.filter((cell) => isShownBy(cell)).length);
      for (const but of [...filters.keys(), '']) {
        const mask = but === '' ? shown.mask : maskWithout(shown, but, nCells);
        expect(cells.filter((cell) => !mask || mask[cell] === SHOWN)).toEqual(
          cells.filter((cell) => isShownBy(cell, but)),
        );
      }
    }
  });

  function hiddenIn(filter: Filter, values: ColumnValues, cell: number): boolean {
    if (!('low' in filter) || values.kind !== 'numbers') throw new Error('a range is wanted');
    return values.values[cell] < filter.low! || values.values[cell] > filter.high!;
  }
});
