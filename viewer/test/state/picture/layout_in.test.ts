import { expect, test } from 'vitest';
import { axesShapes } from '../../../src/state/picture/furniture';
import { layOutIn } from '../../../src/state/picture/layout';
import type { LegendRow, PictureLegend } from '../../../src/state/picture/legend';

const measure = (text: string, size: number) => text.length * size * 0.5;
const PAGE = { width: 1000, height: 700 };
const rowsOf = (count: number, name = 'cluster'): LegendRow[] =>
  Array.from({ length: count }, (_, at) => ({ text: `${name} ${at}`, swatch: { color: '#000000' } }));
const legendOf = (rows: LegendRow[]): PictureLegend => ({ title: 'cluster', bar: null, rows });
const figure = (legend: PictureLegend | null, width: number, height: number | null = null) =>
  layOutIn(
    { title: 'A study', subtitle: 'cells', legends: legend ? [legend] : [], size: PAGE },
    { width, height },
    measure,
  );

test('a small legend is beside the cells, which keep their proportions', () => {
  const made = figure(legendOf(rowsOf(6)), 450);
  expect(made.width).toBe(450);
  expect(made.cells.height).toBeCloseTo(made.cells.width * 0.7);
  expect(made.height).toBeCloseTo(made.cells.y + made.cells.height);
  for (const { x } of made.swatches) expect(x).toBeGreaterThan(made.cells.width);
});

test.each([
  [40, 'cluster'],
  [8, 'a name of a category that is wide'],
  [150, 'c'],
])('%d categories called %s are below the cells, and all of them are there', (count, name) => {
  const made = figure(legendOf(rowsOf(count, name)), 450);
  expect(made.cells.width).toBe(450);
  expect(made.swatches).toHaveLength(count);
  for (const { x, y } of made.swatches) {
    expect(y).toBeGreaterThan(made.cells.y + made.cells.height);
    expect(y).toBeLessThan(made.height);
    expect(x).toBeLessThan(450);
  }
});

test('a height that was chosen is kept, and a legend without room says how much is missing', () => {
  for (const count of [0, 6, 40, 5000]) {
    const made = figure(count > 0 ? legendOf(rowsOf(count)) : null, 450, 400);
    expect(made.height).toBeCloseTo(400);
    expect(made.cells.height).toBeGreaterThan(100);
    const more = Number((/^and ([\d,]+) more$/.exec(made.texts.at(-1)!.text)?.[1] ?? '0').replace(',', ''));
    expect(made.swatches.length + more).toBe(count);
  }
});

test('the bar of a gene fits into a narrow figure', () => {
  const bar = { colors: ['#000000', '#ffffff'], ends: ['0', '5'] as [string, string] };
  const made = figure({ title: 'CD3D', bar, rows: [] }, 240);
  expect(made.bars[0].x + made.bars[0].width).toBeLessThan(240);
});

test('axes have the direction of the screen, and stay in the frame', () => {
  const cells = { x: 0, y: 40, width: 300, height: 200 };
  const colors = { ink: [0, 0, 0], stage: [255, 255, 255], zero: [1, 1, 1], missing: [2, 2, 2] } as const;
  const down = [
    { name: 'x', x: 1, y: 0 },
    { name: 'y', x: 0, y: 1 },
    { name: 'z', x: 0, y: 0 },
  ];
  const { shapes } = axesShapes(down, cells, colors);
  expect(shapes.flatMap((each) => (each.kind === 'text' ? [each.text] : []))).toEqual(['x', 'y']);
  for (const each of shapes)
    if (each.kind === 'paths')
      for (let at = 0; at < each.corners.length; at += 2) {
        expect(each.corners[at]).toBeGreaterThanOrEqual(0);
        expect(each.corners[at + 1]).toBeLessThanOrEqual(240);
      }
});
