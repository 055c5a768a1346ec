import { describe, expect, test } from 'vitest';
import { codesBut, listCategories, MOST_ROWS } from '../../src/state/lists/category_list';
import { medianCentroids } from '../../src/state/view/centroids';
import { excludedBy } from '../../src/state/filters/exclude';
import { MISSING } from '../../src/state/filters/mask';
import { largest } from '../../src/state/lists/largest';
import { paintColumn, type CategoryPaint } from '../../src/state/colouring/paint';
import type { ShownEmbedding } from '../../src/state/view/embedding_view';
import { rowsInView } from '../../src/state/lists/rows';

const MANY = 200_000;

function paintOf(labels: readonly string[], codes: Uint32Array<ArrayBuffer>): CategoryPaint {
  const values = { kind: 'codes', codes, missing: 2 ** 32 - 1 } as const;
  return paintColumn(
    { name: 'c', kind: 'category', categories: labels, colors: null },
    values,
  ) as CategoryPaint;
}

const long = paintOf(
  Array.from({ length: MANY }, (_, code) => `Clone ${code}`),
  Uint32Array.from({ length: MANY }, (_, cell) => (cell === 7 ? 2 ** 32 - 1 : cell)),
);

describe('rows of a list', () => {
  test('are those in view, some more, and the one that is kept', () => {
    expect(rowsInView(1000, 10, { top: 0, height: 50 }, null)).toEqual([...Array(13).keys()]);
    expect(rowsInView(1000, 10, { top: 5000, height: 20 }, null)).toEqual(
      Array.from({ length: 18 }, (_, at) => 492 + at),
    );
    expect(rowsInView(1000, 10, { top: 9980, height: 20 }, 3)[0]).toBe(3);
    expect(rowsInView(1000, 10, { top: 9980, height: 20 }, 3).at(-1)).toBe(999);
    expect(rowsInView(1000, 10, { top: 0, height: 20 }, 999).at(-1)).toBe(999);
    expect(rowsInView(1000, 10, { top: 0, height: 20 }, 1000).at(-1)).toBe(9);
  });

  test('are all there where they are few, and none where there is none', () => {
    expect(rowsInView(100, 10, { top: 0, height: 20 }, 4)).toHaveLength(100);
    expect(rowsInView(0, 10, { top: 0, height: 20 }, 0)).toEqual([]);
  });

  test('are there at the end of a list that became shorter', () => {
    expect(rowsInView(200, 10, { top: 50_000, height: 20 }, null).at(-1)).toBe(199);
  });
});

describe('two hundred thousand categories', () => {
  test('are listed in their order, the missing ones last', () => {
    const { count, found, code } = listCategories(long, ' ');
    expect([count, found]).toEqual([MANY + 1, MANY + 1]);
    expect([code(0), code(MANY - 1), code(MANY)]).toEqual([0, MANY - 1, MISSING]);
  });

  test('are searched in whatever case', () => {
    const { count, code } = listCategories(long, 'CLONE 19999');
    expect(Array.from({ length: count }, (_, row) => code(row))).toEqual([
      19999,
      ...Array.from({ length: 10 }, (_, at) => 199_990 + at),
    ]);
    expect(listCategories(long, 'issing').code(0)).toBe(MISSING);
    expect(listCategories(long, 'nobody').count).toBe(0);
  });

  test('are one less without the only one', () => {
    expect(codesBut(long, null).size).toBe(MANY + 1);
    const others = codesBut(long, 5);
    expect([others.size, others.has(5), others.has(MISSING)]).toEqual([MANY, false, true]);
  });

  test('are filtered by their codes', () => {
    const codes = {
      kind: 'codes',
      codes: Uint32Array.of(0, 70_000, 199_999, 2 ** 32 - 1),
      missing: 2 ** 32 - 1,
    } as const;
    const hiddenBy = (hidden: number[]) => {
      const filter = { kind: 'categories', column: 0, hidden: new Set(hidden), isOn: true } as const;
      return [...excludedBy(filter, codes, 4)];
    };
    expect(hiddenBy([70_000])).toEqual([0b0010]);
    expect(hiddenBy([MISSING, 0])).toEqual([0b1001]);
    expect(hiddenBy([199_999, 150_000])).toEqual([0b0100]);
    expect(hiddenBy([MISSING])).toEqual([0b1000]);
  });

  test('have a name over the largest of them only', () => {
    const positions = Float32Array.of(1, 1, 3, 3, 8, 8, 9, 9);
    const place = { positions, width: 2 } as unknown as ShownEmbedding;
    const codes = Float32Array.of(0, 0, 2, 1);
    expect([...medianCentroids(place, codes, [2, 1, 1], [2])]).toEqual([
      NaN,
      NaN,
      NaN,
      NaN,
      NaN,
      NaN,
      8,
      8,
      0,
    ]);
  });
});

test('the largest counts come first, and of equal ones the earlier', () => {
  const counts = Uint32Array.of(1, 5, 0, 3, 5, 3, 3);
  expect(largest(counts, 4, () => true)).toEqual([1, 4, 3, 5]);
  expect(largest(counts, 99, (index) => index !== 1)).toEqual([4, 3, 5, 6, 0]);
  expect(largest(counts, 0, () => true)).toEqual([]);
});

test('a list is no longer than a page can be', () => {
  const labels = new Array<string>(MOST_ROWS + 10).fill('x');
  const paint = { ...long, labels, nMissing: 0 };
  for (const typed of ['', 'X']) {
    const { count, found } = listCategories(paint, typed);
    expect([count, found]).toEqual([MOST_ROWS, MOST_ROWS + 10]);
  }
});
