import { expect, test } from 'vitest';
import { layOut, layOutIn, type PictureLayout } from '../../../src/state/picture/layout';
import type { LegendRow, PictureLegend } from '../../../src/state/picture/legend';
import { MARGIN } from '../../../src/state/picture/placed';
import { fit, wrap } from '../../../src/state/picture/texts';

/** Every letter is half as wide as it is high. */
const measure = (text: string, size: number) => text.length * size * 0.5;
const SIZE = { width: 800, height: 500 };

const rowsOf = (count: number, name = 'cluster'): LegendRow[] =>
  Array.from({ length: count }, (_, at) => ({ text: `${name} ${at}`, swatch: { color: '#000000' } }));
const legendOf = (rows: LegendRow[]): PictureLegend => ({ title: 'cluster', bar: null, rows });
const picture = (legend: PictureLegend | null, size = SIZE) =>
  layOut({ title: 'A study', subtitle: 'cluster', legends: legend ? [legend] : [], size }, measure);

/** No two texts lie over each other, and none is cut off by the picture's edge. */
function checkTexts({ texts, width, height }: PictureLayout): void {
  const boxes = texts.map(({ text, x, y, size, align }) => {
    const wide = measure(text, size);
    const left = align === 'left' ? x : x - wide;
    return { left, right: left + wide, top: y - size / 2, bottom: y + size / 2 };
  });
  for (const [at, one] of boxes.entries()) {
    expect(one.left).toBeGreaterThanOrEqual(0);
    expect(one.top).toBeGreaterThanOrEqual(0);
    expect(one.right).toBeLessThanOrEqual(width);
    expect(one.bottom).toBeLessThanOrEqual(height);
    for (const other of boxes.slice(at + 1)) {
      const apart =
        one.right <= other.left ||
        other.right <= one.left ||
        one.bottom <= other.top ||
        other.bottom <= one.top;
      expect(apart).toBe(true);
    }
  }
}

test.each([1, 22, 23, 40, 100, 20_000])(
  'a legend of %d categories is whole, or says how many more',
  (count) => {
    const made = picture(legendOf(rowsOf(count)));
    checkTexts(made);
    const last = made.texts.at(-1)!.text;
    const more = Number((/^and ([\d,]+) more$/.exec(last)?.[1] ?? '0').replaceAll(',', ''));
    expect(made.swatches.length + more).toBe(count);
    expect(more > 0).toBe(count > 200);
    expect(made.cells).toMatchObject({ x: 0, ...SIZE });
    expect(made.width).toBeLessThanOrEqual((more > 0 ? 1.5 : 2.1) * SIZE.width);
  },
);

test('in a small window a few names are listed all the same', () => {
  const made = picture(legendOf(rowsOf(40, 'a long name of a category')), { width: 300, height: 120 });
  checkTexts(made);
  expect(made.swatches.length).toBeGreaterThan(1);
  expect(made.texts.at(-1)!.text).toMatch(/^and \d+ more$/);
});

test('long names are cut with an ellipsis, not squeezed', () => {
  const made = picture(legendOf(rowsOf(3, 'x'.repeat(5000))));
  checkTexts(made);
  expect(made.texts.at(-1)!.text).toMatch(/^x{40,70}…$/);
  expect(fit('abcdef', 20, (text) => text.length * 5)).toBe('abc…');
  expect(fit('abcd', 20, (text) => text.length * 5)).toBe('abcd');
});

test('names are cut rather than left out', () => {
  const rows = rowsOf(60, 'a name of so many letters that three columns of it are too wide for this picture');
  const made = picture(legendOf(rows));
  checkTexts(made);
  expect(made.swatches).toHaveLength(60);
  expect(made.texts.at(-1)!.text).toMatch(/…$/);
  const few = picture(legendOf(rowsOf(3, 'CD8-positive, alpha-beta memory T cell, CD45RO-positive')));
  expect(few.texts.at(-1)!.text).toBe('CD8-positive, alpha-beta memory T cell, CD45RO-positive 2');
});

test('the bar of numbers has its ends below, and what has no place on it', () => {
  const bar = { colors: ['#000000', '#ffffff'], ends: ['≤ 0.5', '≥ 123.4'] as [string, string], middle: '7' };
  const rows: LegendRow[] = [
    { text: 'not expressed', swatch: 'zero' },
    { text: 'missing', swatch: 'missing' },
  ];
  const made = picture({ title: 'CD3D', bar, rows });
  checkTexts(made);
  const ends = made.texts.filter(({ text }) => bar.ends.includes(text));
  expect(ends.map(({ align }) => align)).toEqual(['left', 'right']);
  expect(ends[0].x).toBe(made.bars[0].x);
  expect(ends[1].x).toBe(made.bars[0].x + made.bars[0].width);
  const middle = made.texts.find(({ text }) => text === '7');
  expect(middle).toMatchObject({ align: 'center', x: made.bars[0].x + made.bars[0].width / 2, y: ends[0].y });
  expect(made.swatches).toHaveLength(2);
  expect(made.swatches[0].y).toBeGreaterThan(made.bars[0].y + made.bars[0].height);
});

test('the title takes lines, the cells are below it, and without a title they begin at the edge', () => {
  const title = 'word '.repeat(400);
  const made = layOut({ title, subtitle: '', legends: [], size: SIZE }, measure);
  checkTexts(made);
  expect(made.texts).toHaveLength(3);
  expect(made.texts[2].text.endsWith('…')).toBe(true);
  expect(made.cells.y).toBeGreaterThan(made.texts[2].y);
  const bare = layOut({ title: ' ', subtitle: '', legends: [], size: SIZE }, measure);
  expect(bare).toMatchObject({ ...SIZE, texts: [], cells: { x: 0, y: 0 } });
  expect(picture(null).texts[0].x).toBe(MARGIN);
});

test('the name of a column is whole if there is room, however short its categories', () => {
  const title = 'predicted_cell_type_level_2_of_the_atlas';
  const made = picture({ title, bar: null, rows: rowsOf(3, '') });
  checkTexts(made);
  expect(made.texts.map(({ text }) => text)).toContain(title);
  const huge = picture({ title: 'x'.repeat(5000), bar: null, rows: rowsOf(3, '') });
  checkTexts(huge);
  expect(huge.width).toBeLessThan(1.5 * SIZE.width);
});

test('the legend of a phone is no wider than its cells', () => {
  const made = picture(legendOf(rowsOf(3, 'a name of very many letters '.repeat(4))), {
    width: 390,
    height: 440,
  });
  checkTexts(made);
  expect(made.width).toBeLessThanOrEqual(2 * 390);
  expect(made.swatches).toHaveLength(3);
});

test('lines break at spaces and after the signs between words', () => {
  const each = (text: string) => text.length;
  expect(wrap('Mouse_embryo_E11.5 whole slide', 13, 4, each)).toEqual([
    'Mouse_embryo_',
    'E11.5 whole',
    'slide',
  ]);
  expect(wrap('abcdefghij klm', 5, 2, each)).toEqual(['abcd…', 'klm']);
  expect(wrap('a b c d e f', 3, 2, each)).toEqual(['a b', 'c…']);
  expect(wrap('  ', 5, 2, each)).toEqual([]);
  const made = layOut(
    {
      title: '',
      subtitle: 'cell_type · 300 cells · Spatial',
      legends: [],
      size: { width: 150, height: 90 },
    },
    measure,
  );
  checkTexts(made);
  expect(made.texts.map(({ text }) => text)).toEqual(['cell_type · 300', 'cells · Spatial']);
});

test('with a curtain, both legends stand one over the other', () => {
  const bar = { colors: ['#000000', '#ffffff'], ends: ['0', '5'] as [string, string] };
  const legends = [legendOf(rowsOf(6)), { title: 'CD3D', bar, rows: [] }];
  const made = layOut({ title: 'A study', subtitle: 'cluster | CD3D', legends, size: SIZE }, measure);
  checkTexts(made);
  expect(made.bars).toHaveLength(1);
  expect(made.bars[0].y).toBeGreaterThan(made.swatches.at(-1)!.y);
  const narrow = layOutIn(
    { title: '', subtitle: '', legends, size: SIZE },
    { width: 200, height: null },
    measure,
  );
  checkTexts(narrow);
  expect(narrow.bars[0].y).toBeGreaterThan(narrow.swatches.at(-1)!.y);
});
