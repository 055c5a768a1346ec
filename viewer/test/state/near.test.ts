import { expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { followLink, linkOf } from '../../src/state/link/link';
import { layOutLines, lineAt, LINES, linesColumns } from '../../src/state/markers/near/lines';
import {
  layOutMatrix,
  pairAt,
  pairsColumns,
  pairText,
  sortedPairs,
  strongest,
} from '../../src/state/markers/near/matrix';
import { toCsv } from '../../src/state/texts/csv';
import { Session } from '../../src/state/session';
import { neighbourhoodsBundle } from '../neighbourhoods_fixture';

async function session() {
  return new Session(await openBundle(neighbourhoodsBundle()));
}

async function loaded() {
  const { markers } = await session();
  const { near } = markers;
  await near.load();
  near.look.value = 'lines';
  await near.load();
  return {
    near,
    grouping: near.grouping.value!,
    enrichment: near.enrichment.value!.values,
    ratios: near.ratios.value!.values,
  };
}

test('there are views of genes and of neighbours, without groups that were compared', async () => {
  const { markers } = await session();
  expect(markers.views).toEqual(['spatial', 'neighbours']);
  await markers.near.loadGenes();
  const table = markers.near.table.value!;
  expect([...table.genes]).toEqual([2, 0, 3, 1]);
  expect(table.columns.map(({ csv }) => csv)).toEqual([
    'moran_i',
    'moran_pval',
    'moran_pval_adj',
    'geary_c',
    'geary_pval',
    'geary_pval_adj',
  ]);
});

test('a column without co-occurrence is shown as a matrix', async () => {
  const { near } = await loaded();
  expect(near.shown.value).toBe('lines');
  near.follow('other');
  expect([near.chosen.value, near.shown.value]).toEqual([1, 'matrix']);
  near.follow('unknown');
  expect(near.chosen.value).toBe(1);
  await near.load();
  expect([...near.enrichment.value!.values.zScores]).toEqual([1, 2, 3, 4]);
});

test('the matrix has colours around 0, and no square where there is no z-score', async () => {
  const { enrichment, grouping } = await loaded();
  const layout = layOutMatrix(enrichment, grouping);
  expect(layout.squares.map(({ share }) => share)).toEqual([1, -0.5, -0.25]);
  const [first] = layout.squares;
  expect(pairAt(layout, first.x + 25, first.y + 5)).toEqual([0, 1]);
  expect(pairAt(layout, first.x - 1, first.y)).toBeNull();
  expect(pairText(enrichment, grouping, [0, 1])).toBe('B → T: z −4.00, 2 neighbours');
  expect(pairText(enrichment, grouping, [1, 1])).toBe('T → T: no z-score, 0 neighbours');
  expect([...sortedPairs(enrichment)]).toEqual([0, 2, 1, 3]);
  expect(toCsv(pairsColumns(enrichment, grouping)).split('\r\n').slice(0, 3)).toEqual([
    'group,neighbour,count,zscore',
    'B,B,30,8',
    'B,T,2,-4',
  ]);
  expect(toCsv(pairsColumns(enrichment, grouping))).toContain('T,T,0,""');
  expect(
    toCsv(pairsColumns(enrichment, grouping, ['B cells', 'T']))
      .split('\r\n')
      .slice(0, 3),
  ).toEqual([
    'group,group (as shown),neighbour,neighbour (as shown),count,zscore',
    'B,B cells,B,B cells,30,8',
    'B,B cells,T,T,2,-4',
  ]);
});

test('a few large z-scores do not fade the others', () => {
  expect(strongest(Float64Array.from({ length: 100 }, (_, at) => (at === 99 ? 1e6 : -at)))).toBe(94);
  expect(strongest(Float64Array.of(NaN))).toBe(1);
});

test('lines show how often the others are around a group', async () => {
  const { ratios, grouping } = await loaded();
  const layout = layOutLines(ratios, grouping, 0);
  // The second group has no cells.
  expect(layout.lines.map(({ group }) => group)).toEqual([0]);
  const [[x, y], [lastX]] = layout.lines[0].points;
  expect(lastX).toBeCloseTo(LINES.width - LINES.right);
  expect(y).toBeLessThan(layout.chance);
  expect(lineAt(layout, x + 2, y)?.[1]).toBe(0);
  expect(lineAt(layout, x, y + 50)).toBeNull();
  expect(
    toCsv(linesColumns(ratios, grouping, 0))
      .split('\r\n')
      .slice(0, 3),
  ).toEqual(['group,other,distance,ratio', 'B,B,2,2', 'B,B,4,1.5']);
});

test('a link keeps what is shown', async () => {
  const one = await session();
  one.markers.near.choose(0, 1);
  one.markers.near.look.value = 'lines';
  one.drawer.open.value = 'neighbours';
  const link = linkOf(one).value;
  const other = await session();
  await followLink(other, link);
  expect(other.drawer.open.value).toBe('neighbours');
  expect([other.markers.near.shown.value, other.markers.near.group.value]).toEqual(['lines', 1]);
  one.drawer.open.value = 'spatial';
  await followLink(other, linkOf(one).value);
  expect(other.drawer.open.value).toBe('spatial');
  const missed = await session();
  await followLink(missed, 'markers={"view":"neighbours","column":"knd"}');
  expect(missed.drawer.open.value).toBeNull();
});
