import { expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { json } from '../map_files';
import { statisticsBundle } from '../statistics_fixture';
import { streamBundle } from '../stream_fixture';

async function open(files = statisticsBundle()) {
  const { statistics } = await openBundle(files);
  return { files, statistics: statistics! };
}

test('a bundle says which groups were compared and how', async () => {
  const { statistics } = await open();
  expect(statistics.groupings).toEqual([
    {
      test: 'wilcoxon',
      tieCorrect: false,
      file: null,
      tables: 0,
      hasMeans: true,
      hasVariances: true,
      column: '__proto__',
      categories: ['B', 'T', 'one'],
      nCells: [2, 2, 1],
      nWithout: 1,
      reference: null,
      ranked: new Set([0, 1]),
      tooSmall: [2],
    },
  ]);
});

test('a bundle without statistics has none', async () => {
  expect((await openBundle(streamBundle())).statistics).toBeNull();
});

test('rankings are read from parts, and numbers of eight bytes where they lie', async () => {
  const { statistics } = await open();
  const ranking = await statistics.ranking(0, 0);
  expect([...ranking.genes]).toEqual([1, 0, 2, 3]);
  expect([...ranking.score]).toEqual([3, 1, 0, -2]);
  expect([...ranking.logFoldChange!]).toEqual([2, NaN, 0, -1]);
  expect([...ranking.meanOutside!]).toEqual([0.1, 0, 0.2, 0.3].map(Math.fround));
  expect(ranking.auc).toBeNull();
  expect([...ranking.pValue!]).toEqual([0, 1e-300, 1, 0.5]);
  expect([...ranking.adjustedPValue!]).toEqual([0, 2e-300, 1, 1]);
});

function bestOnly(n: number, ends: number = n) {
  return statisticsBundle(({ groupings }) => {
    const [grouping] = groupings as Record<string, unknown>[];
    const part = { path: 's/rank_0_0.gz', start: 0, end: ends, size_bytes: 9 };
    Object.assign(grouping, { n_ranked: n, rankings: [{ group: 0, parts: [part] }] });
  });
}

test('a ranking may have the best genes only', async () => {
  const { statistics } = await open(bestOnly(3));
  expect(statistics.groupings[0].kept).toEqual({ nGenes: 3, of: 4 });
  const ranking = await statistics.ranking(0, 0);
  expect([...ranking.genes]).toEqual([1, 0, 2]);
  expect([...ranking.pValue!]).toEqual([0, 1e-300, 1]);
});

test.each([
  [2, 3],
  [5, 5],
])('a ranking of %i genes whose parts end at %i is refused', async (n, ends) => {
  await expect(open(bestOnly(n, ends))).rejects.toThrow();
});

test('some genes of all groups come from the parts that hold them', async () => {
  const { files, statistics } = await open();
  files.asked.length = 0;
  expect([...(await statistics.rows('means', 0, [2, 0]))]).toEqual([5, 5, 5, 1, 2, 0]);
  expect(files.asked).toEqual(['s/means_0.gz']);
  expect([...(await statistics.rows('means', 0, [3, 1]))]).toEqual([-1, 4, NaN, 3, 0, 0.5]);
  expect(files.asked).toEqual(['s/means_0.gz', 's/means_1']);
});

test('one group of all genes is a column of the table', async () => {
  const { statistics } = await open();
  expect([...(await statistics.column('means', 0, 1))]).toEqual([2, 0, 5, 4]);
  expect([...(await statistics.column('shares', 0, 2))]).toEqual([0, 1, 1, NaN]);
});

test('the first genes of all groups take one request', async () => {
  const { files, statistics } = await open();
  files.asked.length = 0;
  const [first] = await statistics.best(0);
  await statistics.best(0);
  expect(first).toEqual({
    group: 0,
    genes: [1, 0],
    scores: [3, 1],
    logFoldChanges: [2, null],
    adjustedPValues: [0.1, 0.2],
  });
  expect(files.asked).toEqual(['s/best.json.gz']);
});

type Entry = Record<string, unknown> & { groupings: Record<string, unknown>[] };

test.each<[string, (entry: Entry) => void, RegExp]>([
  ['counts', ({ groupings }) => (groupings[0].n_cells = [1]), /do not fit its 3 categories/],
  ['a group', ({ groupings }) => (groupings[0].too_small = [3]), /do not fit its 3 categories/],
  ['parts', ({ groupings }) => (groupings[0].means = []), /parts end at gene 0 of 4/],
  ['columns', (entry) => (entry.columns = []), /no column “gene” of type uint32/],
  [
    'many groups',
    ({ groupings }) => (groupings[0].categories = Array<string>(10_001).fill('x')),
    /at statistics\.groupings\.0\.categories: must be <=10000, not 10001/,
  ],
  ['a test', (entry) => (entry.test = 'guess'), /at statistics\.test/],
])('statistics with wrong %s are refused', async (_, change, message) => {
  const files = statisticsBundle((entry) => void change(entry as Entry));
  await expect(openBundle(files)).rejects.toThrow(message);
});

test('files of another export are refused', async () => {
  const { files, statistics } = await open();
  files.files.set('s/rank_1.gz', files.files.get('s/rank_0_1')!);
  await expect(statistics.ranking(0, 1)).rejects.toThrow(
    /rank_1.gz has 36 bytes, but must have 144 \(4 genes\)/,
  );
  files.files.set('s/best.json.gz', json({ groups: [best([9], [1])] }));
  await expect(statistics.best(0)).rejects.toThrow(/names a gene or a group/);
  // A failure is not kept.
  files.files.set('s/best.json.gz', json({ groups: [best([1], [])] }));
  await expect(statistics.best(0)).rejects.toThrow(/lists of different lengths/);
});

function best(genes: number[], scores: number[]) {
  return { group: 0, genes, scores, log_fold_changes: genes, adjusted_p_values: genes };
}
