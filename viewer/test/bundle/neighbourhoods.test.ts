import { expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { neighbourhoodsBundle, type Entry } from '../neighbourhoods_fixture';
import { streamBundle } from '../stream_fixture';

async function open(files = neighbourhoodsBundle()) {
  return (await openBundle(files)).neighbourhoods!;
}

test('a bundle says which neighbours were counted', async () => {
  const found = await open();
  expect(found).toMatchObject({ graph: 'spatial_connectivities', permutations: 1000, seed: 3 });
  expect(found.groupings).toEqual([
    { column: 'kind', categories: ['B', 'T'], distances: [2, 4], nPaired: 6 },
    { column: 'other', categories: ['x', 'y'], distances: [], nPaired: 0 },
  ]);
  expect((await openBundle(streamBundle())).neighbourhoods).toBeNull();
});

test('genes are read from parts, and numbers of eight bytes where they lie', async () => {
  const genes = await (await open()).genes();
  expect([...genes.genes]).toEqual([2, 0, 3, 1]);
  expect([...genes.moranI]).toEqual([0.5, 0.25, -0.5, NaN]);
  expect([...genes.gearyC]).toEqual([0.5, 1, 2, NaN]);
  expect([...genes.moranAdjusted]).toEqual([0, 2e-300, 1, NaN]);
  expect([...genes.gearyP]).toEqual([0, 3e-300, 1, NaN]);
});

test('z-scores and counts of two groups are in one file', async () => {
  const found = await open();
  const { zScores, counts } = await found.enrichment(0);
  expect([...zScores]).toEqual([8, -4, -2, NaN]);
  expect([...counts]).toEqual([30, 2, 3, 0]);
  expect([...(await found.coOccurrence(0))].slice(0, 4)).toEqual([2, 1.5, 0.5, 1]);
  await expect(found.coOccurrence(1)).rejects.toThrow('no co-occurrence');
});

test.each([
  ['parts that end early', (entry: Entry) => entry.genes.parts.pop(), 'the parts end at gene 3 of 4'],
  ['a missing column', (entry: Entry) => entry.genes.columns.splice(1, 1), 'no column “moran_i”'],
  ['one distance', (entry: Entry) => (entry.groupings[0].co_occurrence!.distances = [1]), 'distances'],
])('a bundle with %s is refused', async (_, change, words) => {
  await expect(openBundle(neighbourhoodsBundle(change))).rejects.toThrow(words);
});

test('files of another length are refused', async () => {
  const files = neighbourhoodsBundle((entry: Entry) => (entry.groupings[0].categories = ['B', 'T', 'NK']));
  await expect((await open(files)).enrichment(0)).rejects.toThrow('n/enrichment.gz');
});
