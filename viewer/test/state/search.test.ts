import { expect, test } from 'vitest';
import { formatCellValue, formatSingle, formatTick } from '../../src/state/format';
import { NameSearch } from '../../src/state/lists/search';
import { HOSTILE } from '../stream_fixture';

test('names are found: the same first, then those that begin so, then those that hold it', () => {
  const search = new NameSearch(['ACD3E', 'CD3D', 'cd3', 'CD3E', 'GAPDH']);
  expect(search.find('CD3', 10)).toEqual([2, 1, 3, 0]);
  expect(search.find('cd3', 1)).toEqual([2]);
  expect(new NameSearch(['Case', 'case', 'CASE']).find('case', 3)).toEqual([1, 0, 2]);
  expect(search.find(' cd3e ', 10)).toEqual([3, 0]);
  expect(search.find('', 2)).toEqual([0, 1]);
  expect(search.find('none', 10)).toEqual([]);
});

test('every name can be found by itself', () => {
  const search = new NameSearch(HOSTILE);
  HOSTILE.forEach((name, index) => expect(search.find(name, 10)[0]).toBe(index));
});

test('a second name finds the same thing, behind those that are called so', () => {
  const search = new NameSearch(['CD3D', 'ENSG7-like', 'GAPDH'], ['ENSG1', 'ENSG22', 'ENSG7']);
  expect(search.find('ensg7')).toEqual([2, 1]);
  expect(search.find('ENSG')).toEqual([1, 0, 2]);
  expect(search.find('cd3')).toEqual([0]);
  expect(search.find('')).toEqual([0, 1, 2]);
  expect(search.find('SG22')).toEqual([1]);
});

test('thirty thousand names are searched at the speed of typing', () => {
  const search = new NameSearch(Array.from({ length: 30_000 }, (_, index) => `ENSG${index}`));
  const start = performance.now();
  expect(search.find('99', 60)).toHaveLength(60);
  expect(performance.now() - start).toBeLessThan(100);
});

test('a float32 is shown as the shortest decimal that it is', () => {
  expect(formatSingle(Math.fround(0.1))).toBe('0.1');
  expect(formatSingle(Math.fround(1 / 3))).toBe('0.33333334');
  expect(formatSingle(16777216)).toBe('16777216');
  for (const value of [1e-30, 123456.789, -7.25, 3.4028234e38]) {
    expect(Math.fround(Number(formatSingle(Math.fround(value))))).toBe(Math.fround(value));
  }
});

test('values are shown as they are', () => {
  expect(formatCellValue({ value: null })).toBe('—');
  expect(formatCellValue({ value: 0.1 + 0.2 })).toBe('0.30000000000000004');
  expect(formatCellValue({ value: true })).toBe('true');
  expect([0, 1234.5678, 1e9, 1e-5].map(formatTick)).toEqual(['0', '1235', '1.00e+9', '1.00e-5']);
});
