import { expect, test } from 'vitest';
import { formatNbytes, formatRounded, formatShare, formatTick } from '../../src/state/texts/format';
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

test('of thirty thousand names, the first of those that begin so are found', () => {
  const search = new NameSearch(Array.from({ length: 30_000 }, (_, index) => `ENSG${index}`));
  const numbers = Array.from({ length: 30_000 }, (_, index) => index);
  const wanted = numbers.filter((index) => `${index}`.includes('99'));
  expect(search.find('99', 60)).toEqual(wanted.slice(0, 60));
  expect(search.find('ensg99', 60)).toEqual([99, ...numbers.filter((n) => /^99./.test(`${n}`))].slice(0, 60));
});

test('numbers that are glanced at have three digits, and whole ones all of theirs', () => {
  const shown = [
    0,
    -0,
    5321,
    -2,
    2 ** 40,
    0.1 + 0.2,
    1 / 3,
    -12.345,
    123.456,
    98765.4,
    1.5e-7,
    1.5e12,
    2.5e9,
  ];
  expect(shown.map(formatRounded)).toEqual([
    ...['0', '0', '5321', '-2', '1099511627776', '0.3', '0.333', '-12.3', '123', '98765', '1.50e-7'],
    ...['1500000000000', '2500000000'],
  ]);
  expect([1.23456e9 + 0.5, Infinity, -Infinity].map(formatRounded)).toEqual([
    '1.23e+9',
    'Infinity',
    '−Infinity',
  ]);
  expect([0, 1234.5678, 1e9, 1e-5].map(formatTick)).toEqual(['0', '1235', '1.00e+9', '1.00e-5']);
});

test.each([
  [0, 7, '0 %'],
  [7, 7, '100 %'],
  [1, 3, '33.3 %'],
  [1, 10_000, 'less than 0.1 %'],
  [9_999, 10_000, 'more than 99.9 %'],
  [999, 1_000, '99.9 %'],
])('%i of %i are %s', (count, total, wanted) => {
  expect(formatShare(count, total)).toBe(wanted);
});

test('sizes are said in steps of a thousand', () => {
  const sizes = [1, 999, 1000, 9_940, 52_300, 999_600, 1_689_693, 2.5e9, 7e12];
  const wanted = ['1 B', '999 B', '1.0 kB', '9.9 kB', '52 kB', '1.0 MB', '1.7 MB', '2.5 GB', '7000 GB'];
  expect(sizes.map(formatNbytes)).toEqual(wanted);
});
