import { expect, test } from 'vitest';
import { FORMATS, firstMarkOf, formatOfMark, MARKS, orderFrom } from '../../src/bundle/formats/registry';
import { READERS } from '../../src/bundle/formats/readers';

const ALL = [
  'manifest.json',
  'dataset_identity.json',
  'datasets.json',
  'atlas.json',
  '.zmetadata',
  'zarr.json',
  '.zgroup',
];

test('marks are looked for in this order', () => {
  expect(MARKS.map(({ file }) => file)).toEqual(ALL);
  expect(orderFrom(null)).toEqual(ALL);
});

test.each([
  ['dataset_identity.json', ['dataset_identity.json', 'manifest.json', 'datasets.json']],
  ['atlas.json', ['atlas.json', 'manifest.json', 'dataset_identity.json']],
  ['zarr.json', ['zarr.json', '.zmetadata', '.zgroup', 'manifest.json']],
])('%s is looked for first where it is known to be there', (mark, first) => {
  const order = orderFrom(mark);
  expect(order.slice(0, first.length)).toEqual(first);
  expect([...order].sort()).toEqual([...ALL].sort());
});

test('no two formats share a mark, and each has a reader', () => {
  for (const { name, marks, rareMarks } of FORMATS) {
    expect(READERS[name]).toBeDefined();
    for (const { file } of [...marks, ...rareMarks]) expect(formatOfMark(file)).toBe(name);
  }
  expect(formatOfMark('datasets.json')).toBe(null);
});

test('the format of a list says which file to look for first', () => {
  const named = ['karospace', 'cellucid', 'anndata', 'other', undefined].map(firstMarkOf);
  expect(named).toEqual(['manifest.json', 'dataset_identity.json', '.zmetadata', null, null]);
});
