import { describe, expect, test } from 'vitest';
import { followLink, linkOf } from '../../src/state/link/link';
import { openBundle } from '../../src/bundle/open';
import { NameSearch } from '../../src/state/lists/search';
import { notCompared, testFacts } from '../../src/state/markers/facts';
import { bestOfEach, readGenes } from '../../src/state/markers/gene_list';
import { linkageOrder } from '../../src/state/markers/linkage';
import { groupOrder, mostGenes, plotColumns, scaleGenes, similarGenes } from '../../src/state/markers/plot';
import { layOutPlot, squareAt } from '../../src/state/markers/plot_layout';
import { filterRows, firstSort, loadTable, sortRows, tableCsv } from '../../src/state/markers/table';
import {
  aboveSimilar,
  joinGroups,
  computedFacts,
  loadVariable,
  withComputed,
  nearestGene,
  scatterOf,
} from '../../src/state/markers/variable';
import { toCsv } from '../../src/state/texts/csv';
import { Session } from '../../src/state/session';
import { statisticsBundle } from '../statistics_fixture';
import { HOSTILE, streamBundle } from '../stream_fixture';

const GENES = { names: ['a10', 'a2', 'B', 'c, d'], ids: null };

async function open(change?: (statistics: Record<string, unknown>) => void) {
  const files = statisticsBundle(change);
  const bundle = await openBundle(files);
  const { markers } = new Session(bundle);
  files.asked.length = 0;
  return { files, bundle, markers, statistics: bundle.statistics! };
}

test('the table of a group has its own means and shares beside the ranking', async () => {
  const { statistics } = await open();
  const table = await loadTable(statistics, 0, 0);
  const columns = Object.fromEntries(table.columns.map(({ key, values }) => [key, [...values]]));
  expect([...table.genes]).toEqual([1, 0, 2, 3]);
  expect(columns.mean).toEqual([3, 1, 5, -1]);
  expect(columns.share).toEqual([1, 0.5, 1, 0.5]);
  expect(columns.score).toEqual([3, 1, 0, -2]);
  expect(Object.keys(columns)).toEqual([
    'score',
    'change',
    'p',
    'adjusted',
    'share',
    'share_outside',
    'mean',
    'mean_outside',
  ]);
});

test('a group without a ranking has means and shares only', async () => {
  const { statistics } = await open();
  const table = await loadTable(statistics, 0, 2);
  expect(table.columns.map(({ key }) => key)).toEqual(['share', 'mean']);
  expect([...sortRows(table, GENES.names, firstSort(table))]).toEqual([2, 1, 0, 3]);
});

test('rows are sorted by numbers and by names, and what is no number comes last', async () => {
  const table = await loadTable((await open()).statistics, 0, 0);
  const sorted = (by: string, isFalling: boolean) =>
    [...sortRows(table, GENES.names, { by, isFalling })].map((row) => GENES.names[table.genes[row]]);
  expect(sorted('change', true)).toEqual(['a2', 'B', 'c, d', 'a10']);
  expect(sorted('change', false)).toEqual(['c, d', 'B', 'a2', 'a10']);
  expect(sorted('gene', false)).toEqual(['a2', 'a10', 'B', 'c, d']);
  const rows = sortRows(table, GENES.names, { by: 'score', isFalling: false });
  const found = filterRows(table, rows, new NameSearch(GENES.names), 'A');
  expect([...found].map((row) => GENES.names[table.genes[row]])).toEqual(['a10', 'a2']);
});

test('the CSV has all rows, exact numbers and the names of scanpy', async () => {
  const table = await loadTable((await open()).statistics, 0, 0);
  const rows = sortRows(table, GENES.names, firstSort(table));
  expect(tableCsv(table, rows, { names: GENES.names, ids: ['i0', 'i1', 'i2', 'i3'] }).split('\r\n')).toEqual([
    'names,id,scores,logfoldchanges,pvals,pvals_adj,pct_nz_group,pct_nz_reference,mean_group,mean_reference',
    'a2,i1,3,2,0,0,1,0.1,3,0.1',
    'a10,i0,1,"",1e-300,2e-300,0.5,0,1,0',
    'B,i2,0,0,1,1,1,0.2,5,0.2',
    '"c, d",i3,-2,-1,0.5,1,0.5,0.3,-1,0.3',
    '',
  ]);
});

test('sentences state the test, the cells and the groups that were not compared', async () => {
  const { statistics } = await open();
  expect(testFacts(statistics, statistics.groupings[0], 0)[0]).toBe(
    'Wilcoxon rank-sum test without tie correction: 2 cells in “B” against all 4 cells outside, 1 of them ' +
      'without a value. p-values are two-sided, and adjusted by Benjamini and Hochberg.',
  );
  expect(notCompared(statistics.groupings[0])).toBe('Not compared: “one” (1 cell, but a test needs 2).');
  expect(testFacts(statistics, statistics.groupings[0], 2)[0]).toBe(
    'Means and shares of 1 cell in “one”. It was not compared: 1 cell, but a test needs 2.',
  );
});

test('a table of the best genes says how to have all', async () => {
  const { statistics } = await open(({ groupings }) => {
    const [grouping] = groupings as Record<string, unknown>[];
    grouping.column = 'cell type';
    grouping.n_ranked = 3;
    const part = { path: 's/rank_0_0.gz', start: 0, end: 3, size_bytes: 9 };
    grouping.rankings = [{ group: 0, parts: [part] }];
  });
  expect(testFacts(statistics, statistics.groupings[0], 0)[1]).toBe(
    'The table has the 3 best of 4 genes; for all of them, export with ' +
      '--group-by "cell type" --marker-genes all.',
  );
});

test('without a test there are means and shares, and a plot of typed genes', async () => {
  const { markers, statistics } = await open((entry) => {
    const [grouping] = entry.groupings as Record<string, unknown>[];
    entry.test = 'none';
    for (const name of ['best', 'rankings', 'too_small']) delete grouping[name];
    delete entry.columns;
  });
  expect(testFacts(statistics, statistics.groupings[0], 0)[0]).toBe(
    'Groups were not compared (--markers none): means and shares of 2 cells in “B”.',
  );
  expect(notCompared(statistics.groupings[0])).toBeNull();
  await markers.loadBest(0);
  expect(markers.bestOfChosen.value).toBeNull();
  expect(markers.plotsBest.value).toBe(false);
  await markers.loadTable();
  expect(markers.table.value?.columns.map(({ key }) => key)).toEqual(['share', 'mean']);
});

test('sentences name the reference', async () => {
  const { statistics } = await open((entry) => {
    (entry.groupings as Record<string, unknown>[])[0].reference = 1;
    entry.test = 't-test';
    delete entry.tie_correct;
  });
  expect(testFacts(statistics, statistics.groupings[0], 0)[0]).toMatch(
    /^Welch’s t-test: 2 cells .* 2 cells in “T”, the reference/,
  );
});

test('typed names are found by name, id and in another case; each gene once', () => {
  const table = { names: ['CD3D', 'Cd3d', 'MS4A1', 'gene of two words'], ids: ['E1', 'E2', 'E3', 'E4'] };
  expect(readGenes('CD3D, ms4a1\n"E2"\tE3; gene of two words', table)).toEqual({
    genes: [0, 2, 1, 3],
    unknown: [],
    repeated: ['E3'],
  });
  expect(readGenes('MS4A1 CD3D nothing', table)).toEqual({
    genes: [2, 0],
    unknown: ['nothing'],
    repeated: [],
  });
  expect(readGenes('no such gene, CD3D', table)).toEqual({
    genes: [0],
    unknown: ['no such gene'],
    repeated: [],
  });
  // Two genes have this name in another case.
  expect(readGenes('cd3D', table)).toEqual({ genes: [], unknown: ['cd3D'], repeated: [] });
  expect(readGenes(' \n', table)).toEqual({ genes: [], unknown: [], repeated: [] });
});

test('the first genes of each group, each once', async () => {
  const best = await (await open()).statistics.best(0);
  expect(bestOfEach(best, 1)).toEqual([1, 3]);
  expect(bestOfEach(best, 2)).toEqual([1, 0, 3]);
});

test('similar items are neighbours, and those without numbers are last', () => {
  const values = Float32Array.of(0, 0, 9, 9, NaN, 1, 0.5, 0, 9, 8.5, 4, 4);
  expect(linkageOrder(values, 2)).toEqual([0, 3, 5, 1, 4, 2]);
  expect(linkageOrder(new Float32Array(0), 2)).toEqual([]);
  // The last is 4.7 from the first pair on average, and 4.3 from the second, which it joins.
  expect(linkageOrder(Float32Array.of(0, 10, 1, 9, 5.2), 1)).toEqual([0, 2, 1, 3, 4]);
});

test('similar genes are neighbours, and those without numbers are last', () => {
  const means = Float32Array.of(0, 10, NaN, 1, 0, NaN, NaN, NaN, NaN, 5, 50, NaN, 3, 1, NaN);
  const plot = {
    grouping: 0,
    genes: [7, 8, 9, 10, 11],
    nGroups: 3,
    means,
    shares: means.map((x) => x / 100),
  };
  const sorted = similarGenes(plot);
  // The third group has no cells, and the third gene no numbers.
  expect(sorted.genes).toEqual([7, 10, 8, 11, 9]);
  expect([...sorted.means!].filter((_, at) => at % 3 === 0)).toEqual([0, 5, 1, 3, NaN]);
  expect([...sorted.shares].slice(3, 5)).toEqual([Math.fround(0.05), 0.5]);
  expect(groupOrder(plot, true)).toEqual([0, 1, 2]);
});

test('genes are scaled one by one', () => {
  expect([...scaleGenes(Float32Array.of(1, 3, 2, 5, 5, NaN), 3)]).toEqual([0, 1, 0.5, 0, 0, NaN]);
});

test('a plot of any genes takes two requests', async () => {
  const { files, markers } = await open();
  markers.plotsBest.value = false;
  markers.typed.value = [HOSTILE[0], HOSTILE[2]].join('\n');
  await markers.bundle.genes();
  files.asked.length = 0;
  await markers.loadPlot();
  expect(files.asked.sort()).toEqual(['s/means_0.gz', 's/shares.gz']);
  expect(markers.plot.value?.genes).toEqual([0, 2]);
  expect([...markers.plot.value!.shares]).toEqual([0.5, 1, 0, 1, 1, 1]);
});

test('a plot of the best genes is loaded, laid out and saved', async () => {
  const { markers, statistics } = await open();
  markers.perGroup.value = 1;
  await markers.loadPlot();
  const plot = markers.plot.value!;
  expect(plot.genes).toEqual([1, 3]);
  const options = { isHeatMap: false, isScaled: false, order: groupOrder(plot, false) };
  const dots = layOutPlot(plot, statistics.groupings[0], GENES.names, options);
  // Of the first gene T has no share, of the second “one” has no cells.
  expect(dots.marks.map(({ share }) => share)).toEqual([4 / 5, 1.5 / 5, 0, 1]);
  const [whole, , half] = dots.marks.map(({ radius }) => radius!);
  expect(half ** 2 / whole ** 2).toBeCloseTo(0.5);
  expect(dots.sizes.map(({ text }) => text)).toEqual(['25 %', '50 %', '75 %', '100 %']);
  expect([dots.bar.low, dots.bar.high]).toEqual(['−1', '4']);
  const map = layOutPlot(plot, statistics.groupings[0], GENES.names, { ...options, isHeatMap: true });
  expect([map.marks.length, map.sizes.length]).toEqual([5, 0]);
  expect(squareAt(dots, dots.genes[1].at, dots.groups[2].at)).toEqual([1, 2]);
  expect(squareAt(dots, 0, 0)).toBeNull();
  expect(groupOrder(plot, true)).toEqual([0, 1, 2]);
  expect(
    toCsv(plotColumns(plot, statistics.groupings[0], GENES.names))
      .split('\r\n')
      .slice(0, 4),
  ).toEqual(['gene,__proto__,n_cells,mean,share', 'a2,B,2,3,1', 'a2,T,2,0,0', 'a2,one,1,0.5,1']);
});

test('mean and variance over all cells follow from those of the groups', () => {
  // Groups of 3, 1, 0 and 2 cells.
  const cells = [[1, 2, 6], [4], [], [0, 5]];
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = (values: number[]) =>
    values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1);
  const all = cells.flat();
  const joined = joinGroups(
    cells.map(({ length }) => length),
    Float32Array.from(cells, mean),
    Float32Array.from(cells, variance),
  );
  expect(joined.means[0]).toBeCloseTo(mean(all), 6);
  expect(joined.variances[0]).toBeCloseTo(variance(all), 6);
  const between = cells.reduce(
    (sum, group) => sum + (group.length && group.length * (mean(group) - mean(all)) ** 2),
    0,
  );
  expect(joined.between[0]).toBeCloseTo(between / (variance(all) * (all.length - 1)), 6);
  expect(joinGroups([2], Float32Array.of(3), Float32Array.of(0)).between[0]).toBeNaN();
});

test('the table of variable genes takes two requests', async () => {
  const { files, markers, statistics } = await open();
  await markers.loadVariable();
  expect(files.asked.sort()).toEqual(['s/means_0.gz', 's/means_1', 's/variances.gz']);
  const table = await loadVariable(statistics, 0);
  const columns = Object.fromEntries(table.columns.map(({ key, values }) => [key, [...values]]));
  // Of five cells: two of 1 ± 1, two of 2, one of 0.
  expect(columns.mean[0]).toBeCloseTo(1.2);
  expect(columns.variance[0]).toBeCloseTo(1.2);
  expect(columns.dispersion[0]).toBeCloseTo(1);
  expect(sortRows(table, GENES.names, firstSort(table)).length).toBe(4);
});

test('computed numbers of variable genes come before those of the groups', async () => {
  const table = await loadVariable((await open()).statistics, 0);
  const norm = [...table.genes].map((gene) => (gene === 1 ? null : gene / 2));
  const computed = { flavor: 'seurat', columns: { means: norm, dispersions_norm: norm } };
  const { columns } = withComputed(table, computed);
  expect(columns.map(({ key }) => key)).toEqual(['dispersions_norm', ...table.columns.map(({ key }) => key)]);
  expect([...columns[0].values]).toEqual(norm.map((value) => value ?? Number.NaN));
  expect(withComputed(table, null)).toBe(table);
  expect(computedFacts(computed)).toBe(' The exported genes are the most variable ones by seurat.');
});

test('dispersions are compared with those of genes with a similar mean', () => {
  const means = Float64Array.from({ length: 61 }, (_, gene) => (gene < 60 ? 1 + gene : 0));
  const dispersion = means.map((value, gene) => (gene % 3 === 1 ? 4 * value : value));
  const above = aboveSimilar(means, dispersion);
  expect(above[60]).toBeNaN();
  expect(above[31]).toBeGreaterThan(1.8);
  expect(Math.abs(above[30])).toBeLessThan(0.2);
});

test('variance against mean is laid out on logarithmic axes', async () => {
  const points = scatterOf(await loadVariable((await open()).statistics, 0));
  expect(points.x.every((value) => Number.isNaN(value) || (value >= 0 && value <= 1))).toBe(true);
  const size = { width: 100, height: 100 };
  const at = { x: 100 * points.x[0], y: 100 * (1 - points.y[0]) };
  expect(nearestGene(points, at, size, 5)).toBe(0);
  expect(nearestGene(points, { x: 400, y: 400 }, size, 5)).toBeNull();
});

test('more genes than can be drawn are left out', () => {
  expect(mostGenes(10)).toBe(400);
  expect(mostGenes(200)).toBe(60);
  expect(mostGenes(1_000_000)).toBe(1);
});

test('the table of the group that was chosen last is shown', async () => {
  const { markers } = await open();
  const first = markers.loadTable();
  markers.choose(0, 1);
  await Promise.allSettled([first, markers.loadTable()]);
  expect(markers.table.value?.group).toBe(1);
  expect(markers.groupingOf(0)).toBe(0);
  expect(markers.groupingOf(1)).toBeNull();
});

describe('a link', () => {
  const copied = async (open: (session: Session) => void) => {
    const bundle = await openBundle(statisticsBundle());
    const [from, to] = [new Session(bundle), new Session(bundle)];
    await followLink(from, '');
    open(from);
    const link = linkOf(from).value;
    await followLink(to, link);
    expect(linkOf(to).value).toBe(link);
    expect(to.missed.value).toBeNull();
    return to;
  };

  test('opens the table of a group', async () => {
    const { markers, drawer } = await copied(({ markers, drawer }) => {
      markers.choose(0, 1);
      drawer.open.value = 'table';
    });
    expect(drawer.open.value).toBe('table');
    expect(markers.chosen.value).toEqual({ grouping: 0, group: 1 });
  });

  test('opens the plot of typed genes', async () => {
    const { markers } = await copied(({ markers, drawer }) => {
      markers.plotsBest.value = false;
      markers.typed.value = HOSTILE.slice(0, 2).join('\n');
      markers.look.isHeatMap.value = true;
      markers.look.hasSimilarGenes.value = true;
      drawer.open.value = 'plot';
    });
    expect(markers.plotsBest.value).toBe(false);
    expect(markers.typed.value).toBe(HOSTILE.slice(0, 2).join('\n'));
    expect([markers.look.isHeatMap.value, markers.look.isScaled.value]).toEqual([true, false]);
    expect([markers.look.hasSimilarGenes.value, markers.look.isOrdered.value]).toEqual([true, false]);
  });

  test.each([
    ['x', 'the markers “x”'],
    ['{"view":"table"}', 'the markers “'],
    ['{"view":"plot","column":"__proto__","best":1e9}', 'the markers “'],
    ['{"view":"table","column":"absent"}', 'the markers of the column “absent”'],
    ['{"view":"table","column":"__proto__","group":"C"}', 'the category “C” of “__proto__”'],
  ])('says that markers=%s is missed', async (text, message) => {
    const session = new Session(await openBundle(statisticsBundle()));
    session.view.size.value = { width: 800, height: 600 };
    await followLink(session, new URLSearchParams({ markers: text }).toString());
    expect(session.missed.value?.message).toContain(message);
  });
});

test('groups are found by the labels of the legend', async () => {
  const { markers } = await open();
  expect(markers.groupsOf(0, ['T', 'B', 'b'])).toEqual([1, 0, -1]);
  const bools = await open((entry) => {
    Object.assign((entry.groupings as object[])[0], {
      column: 'primary',
      categories: ['False', 'True', 'x'],
    });
  });
  expect(bools.markers.groupsOf(0, ['false', 'true'])).toEqual([0, 1]);
});

test('a bundle without statistics has no markers', async () => {
  const { markers } = new Session(await openBundle(streamBundle()));
  expect(markers.statistics).toBeNull();
  expect(markers.groupingOf(0)).toBeNull();
});
