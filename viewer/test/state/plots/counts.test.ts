import { expect, test } from 'vitest';
import { openBundle } from '../../../src/bundle/open';
import { MISSING, type Mask } from '../../../src/state/filters/mask';
import { followLink, linkOf } from '../../../src/state/link/link';
import { Drawer } from '../../../src/state/plots/drawer';
import {
  barsOf,
  compositionColumns,
  layOutComposition,
  partAt,
  partText,
} from '../../../src/state/plots/counts/composition_layout';
import { crossingOf } from '../../../src/state/plots/counts/crossing';
import { histogramOf } from '../../../src/state/plots/counts/histogram';
import {
  binAt,
  binText,
  histogramColumns,
  histogramFacts,
  layOutHistogram,
  nothingDrawn,
} from '../../../src/state/plots/counts/histogram_layout';
import { layOutKey } from '../../../src/state/plots/counts/key';
import { maskWithin } from '../../../src/state/plots/counts/within';
import { Session } from '../../../src/state/session';
import { toCsv } from '../../../src/state/texts/csv';
import { statisticsBundle } from '../../statistics_fixture';

const codes = (...values: number[]) => ({
  kind: 'codes' as const,
  codes: Int32Array.from(values),
  missing: MISSING,
});

test('finite values of shown cells are counted, the highest in the last bin', () => {
  const values = Float32Array.of(0, 1, 1.5, 2, 4, NaN, Infinity, 9);
  const mask = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 0);
  const found = histogramOf({ values, by: null, nBy: 1, nBins: 4, mask });
  expect([...found.edges]).toEqual([0, 1, 2, 3, 4]);
  expect([...found.counts]).toEqual([1, 2, 1, 1, 0, 0, 0, 0]);
  expect(histogramFacts(found)).toBe(
    '1 cell without a value is not drawn. 1 cell with an infinite value is not drawn.',
  );
});

test('one value has one bin, and no value none', () => {
  const one = histogramOf({ values: Float32Array.of(3, 3), by: null, nBy: 1, nBins: 5, mask: null });
  expect([[...one.edges], [...one.counts]]).toEqual([
    [2.5, 3.5],
    [2, 0],
  ]);
  expect(histogramFacts(one)).toBe('All values are 3.');
  const none = histogramOf({ values: Float32Array.of(NaN), by: null, nBy: 1, nBins: 5, mask: null });
  expect([none.edges.length, none.counts.length, none.nMissing]).toEqual([0, 0, 1]);
  const zeros = histogramOf({ values: Float32Array.of(0, -0, NaN), by: null, nBy: 1, nBins: 1, mask: null });
  expect(histogramFacts(zeros)).toBe('All values are 0. 1 cell without a value is not drawn.');
});

test('a histogram of nothing says why', () => {
  const why = (values: number[], mask: Mask = null) =>
    nothingDrawn({
      ...histogramOf({ values: Float32Array.from(values), by: null, nBy: 1, nBins: 5, mask }),
      name: 'score',
      by: BY,
    });
  expect(why([NaN, NaN])).toBe('None of these cells has a value of score.');
  expect(why([NaN, Infinity])).toBe('None of these cells has a finite value of score.');
  expect(why([1], Uint8Array.of(0))).toBe('There are no such cells.');
  expect(why([1])).toBeNull();
});

test('cells of several groups are left out once', () => {
  const by = { kind: 'lists' as const, lists: [Uint32Array.of(0, 1), Uint32Array.of(1)], withRest: false };
  const found = histogramOf({ values: Float32Array.of(1, NaN, Infinity), by, nBy: 2, nBins: 1, mask: null });
  expect([found.nMissing, found.nInfinite]).toEqual([1, 1]);
});

const BY = { name: 'kind', labels: ['a', 'b'], colors: ['#111111', '#222222'], order: null };
const drawn = {
  ...histogramOf({
    values: Float32Array.of(0, 0, 1, 1, 2),
    by: codes(0, 1, 0, MISSING, 0),
    nBy: 2,
    nBins: 2,
    mask: null,
  }),
  name: 'score',
  by: BY,
};

test('a bin tells its groups, and each group has its lines in the CSV', () => {
  expect(binText(drawn, 1)).toBe('1 to 2: 3 cells (a 2, missing 1)');
  expect(binText({ ...drawn, by: { ...BY, name: '' } }, 0)).toBe('0 to 1: 2 cells');
  expect(toCsv(histogramColumns(drawn)).split('\r\n').slice(0, 4)).toEqual([
    'kind,from,to,cells',
    'a,0,1,1',
    'a,1,2,2',
    'b,0,1,1',
  ]);
  expect(toCsv(histogramColumns(drawn))).toContain('\r\n"",1,2,1\r\n');
});

test('bins lie side by side, and a logarithmic axis has powers of ten', () => {
  const options = { look: 'stacked' as const, isLog: false, width: 400, height: 300 };
  const layout = layOutHistogram(drawn, options);
  const middle = layout.box.y + 5;
  expect([binAt(layout, layout.edges[0] + 1, middle), binAt(layout, layout.edges[1] + 1, middle)]).toEqual([
    0, 1,
  ]);
  expect([binAt(layout, 2, middle), binAt(layout, 398, middle), binAt(layout, 200, 299)]).toEqual([
    null,
    null,
    null,
  ]);
  expect(layout.yTicks.map(({ text }) => text)).toEqual(['0', '1', '2', '3']);
  expect(layout.steps.map(({ group }) => group)).toEqual([0, 1, 2]);
  const log = layOutHistogram(
    { ...drawn, counts: drawn.counts.map((count) => count * 120) },
    { ...options, isLog: true },
  );
  expect(log.yTicks.map(({ text }) => text)).toEqual(['1', '10', '100']);
});

test('cells are counted by two groupings', () => {
  const [by, of] = [codes(0, 0, 1, MISSING, 1), codes(1, 1, 0, 0, MISSING)];
  const counts = crossingOf({ by, nBy: 2, of, nOf: 2, nCells: 5, mask: null });
  expect([...counts]).toEqual([0, 2, 0, 1, 0, 1, 1, 0, 0]);
  const composition = {
    by: BY,
    of: { name: 'stage', labels: ['x', 'y'], colors: ['#1', '#2'], order: null },
    counts,
  };
  expect(barsOf(composition, 'size').map(({ name }) => name)).toEqual(['a', 'b', 'missing']);
  const layout = layOutComposition(composition, { amount: 'shares', sort: 'name', width: 500 });
  expect(layout.bars.map(({ name }) => name)).toEqual(['a', 'b', 'missing']);
  expect(layout.ticks.at(-1)?.text).toBe('100 %');
  const part = partAt(layout, layout.left + 5, layout.bars[1].y + 3)!;
  expect(partText(composition, layout.parts[part])).toBe('x in b: 1 cell, 50 % of 2');
  expect(partAt(layout, 1, 1)).toBeNull();
  expect(toCsv(compositionColumns(composition, 'size')).split('\r\n').slice(0, 4)).toEqual([
    'kind,stage,cells,share',
    'a,x,0,0',
    'a,y,2,1',
    'a,"",0,0',
  ]);
});

test('a mask within a selection', () => {
  expect([...maskWithin(Uint8Array.of(255, 0, 255), Uint32Array.of(1, 2), 3)!]).toEqual([0, 0, 255]);
  expect([...maskWithin(null, Uint32Array.of(1), 3)!]).toEqual([0, 255, 0]);
});

test('names stand in as many columns as fit', () => {
  const { items, height } = layOutKey([0, 1, 2], ['one', 'two', 'three'], 150);
  expect(items.map(({ x, y }) => [x > 0, y > 0])).toEqual([
    [false, false],
    [false, true],
    [true, false],
  ]);
  expect(height).toBe(36);
  // Wide letters take more room, and a name has no more than there is.
  const wide = layOutKey([0, 1], ['WWWWWWWW', 'i'.repeat(60)], 150, (text) => 12 * text.length);
  expect(wide.items.map(({ x, name }) => [x, name])).toEqual([
    [0, 'WWWWWWWW'],
    [0, 'iiiiiiii…'],
  ]);
  expect(wide.items[1].full).toHaveLength(60);
});

test('a drawer leaves room for the cells', () => {
  const drawer = new Drawer();
  drawer.resize('below', 5000, 800);
  drawer.resize('right', 10, 800);
  expect(drawer.sizes.value).toEqual({ below: 680, right: 280 });
});

test('a link opens the same plot, and says what the bundle does not have', async () => {
  const bundle = await openBundle(statisticsBundle());
  const [from, to] = [new Session(bundle), new Session(bundle)];
  await followLink(from, '');
  const column = bundle.columns.findIndex(({ kind }) => kind === 'category');
  from.drawer.open.value = 'histogram';
  from.plots.histogram.by.value = { by: 'column', index: column };
  from.plots.histogram.nBins.value = 7;
  from.plots.histogram.look.value = 'stacked';
  await followLink(to, linkOf(from).value);
  expect(linkOf(to).value).toBe(linkOf(from).value);
  expect(to.drawer.open.value).toBe('histogram');
  expect([to.plots.histogram.nBins.value, to.plots.histogram.by.value]).toEqual([
    7,
    { by: 'column', index: column },
  ]);
  from.drawer.open.value = 'composition';
  from.plots.composition.sort.value = 'size';
  await followLink(to, linkOf(from).value);
  expect([to.drawer.open.value, to.plots.composition.sort.value]).toEqual(['composition', 'size']);
  from.drawer.open.value = 'violin';
  expect(new URLSearchParams(linkOf(from).value).get('plot')).toBe('{"view":"violin"}');
  from.plots.violin.split.value = { by: 'column', index: column };
  from.plots.violin.hasBoxes.value = false;
  await followLink(to, linkOf(from).value);
  expect([to.drawer.open.value, to.plots.violin.hasBoxes.value]).toEqual(['violin', false]);
  expect(to.plots.violin.split.value).toEqual({ by: 'column', index: column });
  from.drawer.open.value = 'scatter';
  const { names } = await bundle.genes();
  from.plots.scatter.y.value = { by: 'gene', index: 1, name: names[1] };
  await followLink(to, linkOf(from).value);
  expect([to.drawer.open.value, to.plots.scatter.y.value]).toEqual(['scatter', from.plots.scatter.y.value]);
  from.drawer.open.value = 'compare';
  from.compare.sides.value = [{ is: 'rest' }, { is: 'category', column, code: 1 }];
  from.compare.test.value = 't-test';
  await followLink(to, linkOf(from).value);
  expect([to.drawer.open.value, to.compare.test.value]).toEqual(['compare', 't-test']);
  expect(to.compare.sides.value).toEqual(from.compare.sides.value);
  expect(linkOf(to).value).toBe(linkOf(from).value);
  await followLink(to, 'plot={"view":"compare","compare":{"sides":[]}}');
  expect(to.missed.value?.message).toContain('the plot');
  await followLink(to, 'plot={"view":"histogram","values":{"column":"nothing such"}}');
  expect(to.missed.value?.message).toContain('nothing such');
  await followLink(to, 'plot={"view":"pie"}');
  expect(to.missed.value?.message).toContain('the plot');
});
