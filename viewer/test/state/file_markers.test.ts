import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { followLink, linkOf } from '../../src/state/link/link';
import { fileSummary, groupingName, testFacts } from '../../src/state/markers/facts';
import { loadTable, markerText } from '../../src/state/markers/table';
import { Session } from '../../src/state/session';
import { markersBundle } from '../file_markers_fixture';

async function open(...given: Parameters<typeof markersBundle>) {
  const bundle = await openBundle(markersBundle(...given));
  const session = new Session(bundle);
  return { bundle, session, markers: session.markers, statistics: bundle.statistics! };
}

describe('markers of the file', () => {
  test('come before computed ones, and share their tables', async () => {
    const { statistics } = await open();
    expect(statistics.groupings.map(groupingName)).toEqual([
      '__proto__ (file: t-test)',
      'mine (file: method not stated)',
      '__proto__',
    ]);
    expect(statistics.groupings.map(({ tables }) => tables)).toEqual([2, null, 2]);
  });

  test('a table has the columns that the file has, and means of the export', async () => {
    const { statistics } = await open();
    const table = await loadTable(statistics, 0, 0);
    const columns = Object.fromEntries(table.columns.map(({ key, values }) => [key, [...values]]));
    expect([...table.genes]).toEqual([4, 2, 0]);
    expect(Object.keys(columns)).toEqual(['score', 'p', 'share', 'mean']);
    expect(columns.p).toEqual([0, 1e-300, NaN]);
    // The first is not exported; the others are those of group T, which is the second of the tables.
    expect(columns.mean).toEqual([NaN, 5, 2]);
  });

  test('a table without computed statistics has the ranking alone', async () => {
    const { statistics } = await open(undefined, false);
    expect(statistics.groupings.map(({ tables }) => tables)).toEqual([null, null]);
    const table = await loadTable(statistics, 0, 1);
    expect(table.columns.map(({ key }) => key)).toEqual(['score', 'p']);
  });

  test('the legend shows those of the file until others are chosen', async () => {
    const { bundle, markers } = await open();
    const column = bundle.columns.findIndex(({ name }) => name === '__proto__');
    expect(markers.groupingOf(column)).toBe(0);
    markers.choose(2);
    expect(markers.groupingOf(column)).toBe(2);
    markers.follow(column);
    expect(markers.chosen.value.grouping).toBe(2);
    markers.choose(1);
    expect(markers.groupingOf(column)).toBe(0);
  });

  test('genes that are not exported have their names', async () => {
    const { bundle, markers } = await open();
    await markers.loadBest(0);
    const { names } = await bundle.genes();
    expect(markers.bestOf(0, 0)!.genes.map((gene) => markers.nameOf(0, gene, names))[0]).toBe('<b>absent');
  });

  test('a plot draws the exported genes with the tables of the column', async () => {
    const { markers } = await open();
    await markers.loadPlot();
    expect(markers.plot.value).toMatchObject({ grouping: 2, genes: [2, 0, 1], nGroups: 3 });
    markers.choose(1);
    await markers.loadPlot();
    expect(markers.tables.value).toBeNull();
    expect(markers.plot.value?.grouping).toBe(2);
  });

  test('what the file states is told', async () => {
    const { statistics } = await open();
    expect(testFacts(statistics, statistics.groupings[0], 0)).toEqual([
      'From the file, uns[“rank_genes_groups”]: Welch’s t-test, against the rest, values of raw; corr_method bonferroni.',
      '1 of its genes is not exported.',
    ]);
    const file = { key: 'k', nNotExported: 0 };
    expect(
      fileSummary({ ...file, method: 'logreg', reference: 'B', params: { layer: 'counts', use_raw: false } }),
    ).toBe('logistic regression, against “B”, values of layer “counts”');
    expect(fileSummary({ ...file, method: null, reference: null, params: {} })).toBe('method not stated');
  });

  test('a logistic regression has no p-values, so that nothing is said of their correction', async () => {
    const { statistics } = await open();
    const [grouping, ...others] = statistics.groupings;
    const file = {
      ...grouping.file!,
      method: 'logreg',
      nNotExported: 0,
      params: { corr_method: 'benjamini-hochberg', max_iter: 100 },
    };
    const regression = { ...statistics, groupings: [{ ...grouping, file }, ...others] };
    expect(testFacts(regression, regression.groupings[0], 0)).toEqual([
      'From the file, uns[“rank_genes_groups”]: logistic regression, against the rest; max_iter 100.',
    ]);
  });

  test('a p-value that is too small for a number is not shown as 0', async () => {
    const { statistics } = await open();
    const { columns } = await loadTable(statistics, 0, 0);
    const p = columns.find(({ key }) => key === 'p')!;
    expect([0, 1, 2].map((row) => markerText(p, row))).toEqual(['< 1e−300', '1.00e−300', '—']);
  });

  test('a link names those of the file by their key, and computed ones without', async () => {
    for (const grouping of [0, 1, 2]) {
      const { session, bundle } = await open();
      session.markers.choose(grouping);
      session.drawer.open.value = 'table';
      const link = linkOf(session).value;
      const other = new Session(bundle);
      await followLink(other, link);
      expect(other.markers.chosen.value.grouping).toBe(grouping);
    }
  });
});

describe('damaged markers of the file', () => {
  test('a gene that nobody has is refused', async () => {
    const { statistics } = await open((entries) => {
      entries[0].n_not_exported = 0;
      delete entries[0].other_genes;
    });
    await expect(statistics.ranking(0, 0)).rejects.toThrow('names a gene or a group');
    await expect(statistics.best(0)).rejects.toThrow('names a gene or a group');
  });

  test('another number of other genes is refused', async () => {
    const { statistics } = await open((entries) => (entries[0].n_not_exported = 2));
    await expect(statistics.others(0)).rejects.toThrow('must name 2 genes, but names 1');
  });

  test('a ranking without scores is refused', async () => {
    await expect(
      open((entries) => (entries[1].columns = [{ name: 'gene', dtype: 'uint32' }])),
    ).rejects.toThrow('the markers in uns[“mine”] have no column “score”');
  });
});
