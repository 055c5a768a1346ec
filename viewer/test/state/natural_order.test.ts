import { expect, test } from 'vitest';
import { listCategories } from '../../src/state/lists/category_list';
import { naturalOrder } from '../../src/state/lists/natural_order';
import type { CategoryPaint } from '../../src/state/colouring/paint';

const listed = (labels: readonly string[]) => {
  const order = naturalOrder(labels);
  return order && Array.from(order, (code) => labels[code]);
};

test.each([
  [
    ['1', '10', '2'],
    ['1', '2', '10'],
  ],
  [
    ['cluster 1', 'cluster 10', 'cluster 2'],
    ['cluster 1', 'cluster 2', 'cluster 10'],
  ],
  [
    ['T10_B2', 'T1_B10', 'T1_B2'],
    ['T1_B2', 'T1_B10', 'T10_B2'],
  ],
  // A decimal number is one number, the part of a part is not.
  [
    ['0.25', '0.5', '1', '10', '2'],
    ['0.25', '0.5', '1', '2', '10'],
  ],
  [
    ['3.1', '3.10', '3.2'],
    ['3.1', '3.2', '3.10'],
  ],
  [
    ['0.25 mg', '0.5 mg', '10 mg', '2 mg'],
    ['0.25 mg', '0.5 mg', '2 mg', '10 mg'],
  ],
  [
    ['-1', '-2', '1'],
    ['-2', '-1', '1'],
  ],
  // Zeros in front, numbers longer than a float holds, and what is no number at all.
  [
    ['01', '1', '10', '2', 'NA'],
    ['01', '1', '2', '10', 'NA'],
  ],
  [
    ['a9007199254740992', 'a9007199254740993', 'b'],
    ['a9007199254740992', 'a9007199254740993', 'b'],
  ],
  // As R sorts.
  [
    ['alpha 1', 'alpha 10', 'alpha 2', 'Beta'],
    ['alpha 1', 'alpha 2', 'alpha 10', 'Beta'],
  ],
])('an alphabetical order becomes a natural one: %j', (stored, wanted) => {
  expect(listed(stored)).toEqual(wanted);
});

test.each([
  [['early', 'mid', 'late']],
  [['day 10', 'day 2', 'day 1']],
  [['0', '1', '2', '10']],
  [['B cell', 'T cell', 'monocyte']],
  [[]],
])('an order that somebody chose, or that has no numbers, stays: %j', (stored) => {
  expect(listed(stored)).toBeNull();
});

test('the list follows, and codes stay what they are', () => {
  const labels = ['c1', 'c10', 'c2', 'd'];
  const paint = { labels, nMissing: 1 } as unknown as CategoryPaint;
  const codes = (typed: string) => {
    const { count, code } = listCategories(paint, typed);
    return Array.from({ length: count }, (_, row) => code(row));
  };
  expect(codes('')).toEqual([0, 2, 1, 3, -1]);
  expect(codes('C')).toEqual([0, 2, 1]);
  expect(codes('miss')).toEqual([-1]);
});

test('a hundred thousand categories are sorted, more are not', () => {
  const labels = Array.from({ length: 100_000 }, (_, number) => `clone${number}`).sort();
  expect(listed(labels)!.slice(0, 3)).toEqual(['clone0', 'clone1', 'clone2']);
  expect(naturalOrder([...labels, 'zone1'])).toBeNull();
});
