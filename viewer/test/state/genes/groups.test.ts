import { expect, test } from 'vitest';
import { inGroup } from '../../../src/state/genes/groups';

const groups = { names: ['rna', 'prot'], codes: [0, 0, 1, 0, 1] };
const items = [0, 1, 2, 3, 4, 5];

test('a search finds the genes of the chosen group, and lists', () => {
  expect(items.filter(inGroup(groups, 'prot'))).toEqual([2, 4, 5]);
  expect(items.filter(inGroup(groups, 'rna'))).toEqual([0, 1, 3, 5]);
});

test('without a group, or of a bundle without groups, it finds all', () => {
  expect(items.filter(inGroup(groups, ''))).toEqual(items);
  expect(items.filter(inGroup(undefined, 'rna'))).toEqual(items);
});
