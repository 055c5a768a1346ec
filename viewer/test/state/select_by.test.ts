import { describe, expect, test } from 'vitest';
import { textsInMemory } from '../../src/bundle/cells/cell_texts';
import { neighboursWithin } from '../../src/scene/edges/grow';
import { paintNumbers } from '../../src/state/colouring/paint';
import { MISSING } from '../../src/state/filters/mask';
import { findNames, pastedNames } from '../../src/state/selection/by_name';
import { cellsBetween, cellsOfCode } from '../../src/state/selection/by_value';
import { parseCsv } from '../../src/state/texts/csv_rows';
import { toCsv } from '../../src/state/texts/csv';

describe('cells by value', () => {
  const mask = Uint8Array.of(255, 255, 255, 255, 0);

  test('of a category, or without one', () => {
    const paint = {
      kind: 'category' as const,
      values: Float32Array.of(0, 1, NaN, 1, 1),
      order: null,
      labels: ['a', 'b'],
      colors: null,
      counts: Uint32Array.of(1, 3),
      nMissing: 1,
    };
    expect([...cellsOfCode(paint, 1, null)]).toEqual([1, 3, 4]);
    expect([...cellsOfCode(paint, 1, mask)]).toEqual([1, 3]);
    expect([...cellsOfCode(paint, MISSING, mask)]).toEqual([2]);
  });

  test('between two values that are included as they are shown', () => {
    const paint = paintNumbers(Float32Array.of(0.1, 0, NaN, 0.3, 0.2));
    expect([...cellsBetween(paint, 0.1, 0.2, null)]).toEqual([0, 4]);
    expect([...cellsBetween(paint, -Infinity, 0.1, null)]).toEqual([0, 1]);
    expect([...cellsBetween(paint, 0.2, Infinity, mask)]).toEqual([3]);
    const far = paintNumbers(Float64Array.of(100000.25, 100000.5, NaN));
    expect([...cellsBetween(far, 100000.5, Infinity, null)]).toEqual([1]);
  });
});

describe('cells by name', () => {
  test('are found, all of one name, and names without a cell are told', async () => {
    const names = ['a', 'b', null, 'a', 'c'];
    const ids = textsInMemory((cell) => names[cell]);
    const found = await findNames(ids, names.length, new Set(['a', 'c', 'zz']));
    expect(found).toEqual({ cells: Uint32Array.of(0, 3, 4), nNames: 3, missing: ['zz'] });
  });

  test('wait for names that are not in memory', async () => {
    const loaded = new Set<number>();
    const ids = {
      known: (cell: number) => (loaded.has(cell >> 1) ? `c${cell}` : undefined),
      nbytes: () => 1,
      get: (cell: number) => {
        loaded.add(cell >> 1);
        return Promise.resolve(`c${cell}`);
      },
    };
    expect([...(await findNames(ids, 5, new Set(['c1', 'c4']))).cells]).toEqual([1, 4]);
    expect(loaded.size).toBe(3);
  });

  test('are pasted one per line, or with commas or tabs', () => {
    const pasted = 'one\r\ntwo, three\tfour\n\n "five, 5" \n"five, 5","say ""x"""\nsix seven\n';
    expect([...pastedNames(pasted)]).toContain('six seven');
    expect([...pastedNames('a\r\nb, c\td\n\n"e, 5","say ""x"""\na\n')]).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e, 5',
      'say "x"',
    ]);
    expect(pastedNames(' \n,').size).toBe(0);
  });
});

test('CSV is read as it is written', () => {
  const texts = ['a', 'a,b', 'say "x"', 'two\nlines', 'x'];
  const text = toCsv([
    { header: 'cell_id', texts },
    { header: 'group', texts: ['', '1', '2', '3', '4'] },
  ]);
  expect(parseCsv(text)).toEqual([
    ['cell_id', 'group'],
    ...texts.map((each, at) => [each, at ? String(at) : '']),
  ]);
  expect(parseCsv('\uFEFFa,b\n\nc')).toEqual([['a', 'b'], ['c']]);
  expect(parseCsv('')).toEqual([]);
});

describe('neighbours', () => {
  // 0 - 1 - 2 - 3 - 4, and 2 - 5.
  const edges = { sources: Uint32Array.of(0, 1, 2, 2, 3), targets: Uint32Array.of(1, 2, 3, 5, 4) };
  const grow = (cells: number[], hops: number, mask: Uint8Array | null = null) => [
    ...neighboursWithin(edges, 6, { cells: Uint32Array.from(cells), hops, mask }),
  ];

  test('are found hop by hop, without the cells themselves', () => {
    expect(grow([0], 1)).toEqual([1]);
    expect(grow([0], 2)).toEqual([1, 2]);
    expect(grow([0], 3)).toEqual([1, 2, 3, 5]);
    expect(grow([4], 2)).toEqual([2, 3]);
    expect(grow([0, 4], 1)).toEqual([1, 3]);
    expect(grow([], 3)).toEqual([]);
  });

  test('are shown, and found over shown cells', () => {
    expect(grow([0], 3, Uint8Array.of(255, 255, 0, 255, 255, 255))).toEqual([1]);
  });
});
