import { signal } from '@preact/signals-core';
import { expect, test, vi } from 'vitest';
import { EngineClient, type Source } from '../../../src/state/plots/engine/client';
import { follow } from '../../../src/state/plots/engine/follow';
import type { Grouped } from '../../../src/state/plots/engine/groupings';
import { byLetters } from '../../../src/state/plots/names';
import { readBounds } from '../../../src/state/plots/scatter/bounds';
import { layOutScatter, squareAt } from '../../../src/state/plots/scatter/layout';
import { scatterOf } from '../../../src/state/plots/scatter/scatter';
import type { DrawnScatter } from '../../../src/state/plots/scatter/scatter_plot';
import { correlationText } from '../../../src/state/plots/scatter/texts';
import { arrange } from '../../../src/state/plots/violin/arrange';
import { layOutViolins, logTicks, markAt, shorten } from '../../../src/state/plots/violin/layout';
import { leftOutText, nothingDrawn, violinColumns } from '../../../src/state/plots/violin/texts';
import type { DrawnViolins, Order } from '../../../src/state/plots/violin/violin_plot';
import { violinsOf } from '../../../src/state/plots/violin/violins';

const LOOK = { isLog: false, hasViolins: true, hasBoxes: true, hasPoints: true, widths: 'count' } as const;

/** Each category has two parts, and a cell for each of its numbers in each of them. */
function drawnOf(labels: readonly string[], cells: readonly (readonly number[])[]): DrawnViolins {
  const values = cells.flatMap((own) => [...own, ...own.map((value) => value + 1)]);
  const by = Uint16Array.from(cells.flatMap((own, code) => [...own, ...own].map(() => code)));
  const split = Uint8Array.from(cells.flatMap((own) => [...own.map(() => 0), ...own.map(() => 1)]));
  const request = { nBy: labels.length, nSplit: 2, withZeros: false, isLog: false };
  const numbers = violinsOf({
    ...request,
    values: Float64Array.from(values),
    by: { kind: 'codes', codes: by, missing: 65535 },
    split: { kind: 'codes', codes: split, missing: 255 },
    mask: null,
  });
  const grouped = (name: string, names: readonly string[]): Grouped => ({
    name,
    labels: names,
    colors: names.map(() => '#000000'),
    order: null,
  });
  const drawn = { name: 'CD3D', by: grouped('kind', labels), split: grouped('sex', ['f', 'm']), numbers };
  return { ...drawn, wanted: { request } } as unknown as DrawnViolins;
}

test('categories are arranged by name, cells and median', () => {
  const drawn = drawnOf(['c10', 'c9', 'B'], [[1], [5, 6, 7], [2, 3]]);
  const names = (order: Order) => arrange(drawn, order).map(({ name }) => name);
  expect(names('data')).toEqual(['c10', 'c9', 'B']);
  expect(names('name')).toEqual(['B', 'c9', 'c10']);
  expect(names('size')).toEqual(['c9', 'B', 'c10']);
  expect(names('median')).toEqual(['c9', 'B', 'c10']);
});

test('few categories are beside each other, many are rows with all of their names', () => {
  const few = layOutViolins(
    arrange(
      drawnOf(
        ['a', 'b'],
        [
          [1, 2],
          [3, 9, 4],
        ],
      ),
      'data',
    ),
    ['f', 'm'],
    LOOK,
    {
      width: 600,
      height: 300,
    },
  );
  expect(few.isUpright).toBe(true);
  expect([few.width, few.height]).toEqual([600, 300]);
  expect(few.legend!.items.map(({ name }) => name)).toEqual(['f', 'm']);
  // Both halves of a category can be pointed at.
  const [at] = few.names.map((name) => name.at);
  expect([markAt(few, at - 5, 150), markAt(few, at + 5, 150), markAt(few, 5, 150)]).toEqual([0, 1, null]);
  for (const { outline, box, points } of few.marks)
    for (const path of [outline, box, points]) expect(path).toMatch(/^M[^N]+$/);

  const labels = Array.from({ length: 60 }, (_, code) => `Category number ${code} with a long name`);
  const many = arrange(
    drawnOf(
      labels,
      labels.map((_, code) => [code + 1, code + 3]),
    ),
    'data',
  );
  const rows = layOutViolins(many, ['f', 'm'], LOOK, { width: 600, height: 300 });
  expect(rows.isUpright).toBe(false);
  expect(rows.width).toBe(600);
  expect(rows.marks).toHaveLength(120);
  expect(rows.names).toHaveLength(60);
  const steps = rows.names.slice(1).map(({ at: next }, row) => next - rows.names[row].at);
  expect(Math.min(...steps)).toBeGreaterThan(20);
  expect(rows.names[7]).toMatchObject({ text: 'Category number 7 with…', full: labels[7] });
});

test('the names of many parts wrap above the plot, within its width', () => {
  const parts = Array.from({ length: 12 }, (_, part) => `A long name of part ${part}`);
  const drawn = drawnOf(['a', 'b'], [[1], [2]]);
  const split = {
    ...drawn.numbers,
    all: drawn.numbers.all.flatMap((each) => parts.map((_, split) => ({ ...each, split }))),
  };
  for (const width of [390, 700]) {
    const { legend, plot } = layOutViolins(arrange({ ...drawn, numbers: split }, 'data'), parts, LOOK, {
      width,
      height: 300,
    });
    expect(legend!.items.map(({ name }) => name)).toEqual(parts);
    for (const { x, name } of legend!.items)
      expect(legend!.x + x + 17 + byLetters(name)).toBeLessThanOrEqual(width);
    expect(plot.y).toBeGreaterThanOrEqual(legend!.y + legend!.height);
  }
});

test('names of rows have the room that they need, and lose their ends', () => {
  const labels = Array.from({ length: 40 }, (_, code) => `WWWW WWWW WWWW WWWW ${code}`);
  const drawn = drawnOf(
    labels,
    labels.map(() => [1, 2]),
  );
  const widthOf = (text: string) => 12 * [...text].length;
  const { names, plot } = layOutViolins(
    arrange(drawn, 'data'),
    [''],
    LOOK,
    { width: 900, height: 300 },
    widthOf,
  );
  for (const { text } of names) {
    expect(text).toMatch(/^WWWW.*…$/);
    expect(plot.x - 8 - widthOf(text)).toBeGreaterThanOrEqual(0);
  }
});

test('violins of nothing say why', () => {
  const drawn = drawnOf(['none'], [[NaN]]);
  expect(nothingDrawn(drawn)).toBe('None of these cells has a value of CD3D to draw.');
  expect(nothingDrawn(drawnOf(['one'], [[0]]))).toBeNull();
  const zeros = violinsOf({
    values: Float64Array.of(0, 0),
    by: null,
    split: null,
    mask: null,
    nBy: 1,
    nSplit: 1,
    withZeros: false,
    isLog: false,
  });
  expect(nothingDrawn({ ...drawn, numbers: zeros })).toBe(
    'All values of CD3D are 0, and zeros are left out.',
  );
});

test('bounds that are wrong are named', () => {
  expect(readBounds(['', '1,5', '−2', ''])).toEqual({
    across: [-Infinity, 1.5],
    up: [-2, Infinity],
    wrong: [],
    why: null,
  });
  expect(readBounds(['', 'abc', '', ''])).toMatchObject({
    wrong: [1],
    why: 'Across to must be a number, not “abc”.',
  });
  expect(readBounds(['', '', '5', '3'])).toMatchObject({
    wrong: [2, 3],
    why: 'Up from (5) must not be above Up to (3).',
  });
});

test('coefficients of a constant side are not defined', () => {
  const text = (x: number[], y: number[]) =>
    correlationText({
      names: ['CD3D', 'CD8A'],
      wanted: { request: { isLog: false } },
      numbers: scatterOf({
        x: Float64Array.from(x),
        y: Float64Array.from(y),
        mask: null,
        isLog: false,
        colours: null,
        nColours: 0,
      }),
    } as unknown as DrawnScatter);
  expect(text([0, 0, 0], [1, 2, 3])).toBe('3 cells: Pearson and Spearman not defined (CD3D is constant)');
  expect(text([0.5, 0.5], [0, 0])).toBe(
    '2 cells: Pearson and Spearman not defined (CD3D and CD8A are constant)',
  );
  expect(text([1], [2])).toBe('1 cell: Pearson and Spearman not defined (one cell)');
  expect(text([1, 2, 3], [1, 2, 3])).toBe('3 cells: Pearson 1.000, Spearman 1.000');
});

test('a violin of equal values is a line, and one without values is nothing', () => {
  const drawn = drawnOf(['equal', 'none'], [[2, 2], [0]]);
  const { marks } = layOutViolins(arrange(drawn, 'data'), ['f', 'm'], LOOK, { width: 600, height: 300 });
  expect(marks[0].outline).toMatch(/^M[\d. ]+L[\d. ]+$/);
  // Zeros are left out.
  expect(marks[2].outline).toBe('');
  expect(leftOutText(drawn)).toBe('1 zero is left out.');
  const columns = violinColumns(drawn, marks);
  const text = (header: string) => columns.find((each) => each.header === header)?.texts;
  expect(text('median')).toEqual(['2', '3', '', '1']);
  expect(text('share_not_zero')).toEqual(['1', '1', '0', '1']);
  expect(text('bandwidth')).toEqual(['', '', '', '']);
});

test('marks of a log1p axis are round, apart, and begin at zero', () => {
  const scale = Object.assign((place: number) => 40 * place, { domain: () => [-2, Math.log1p(3000)] });
  const ticks = logTicks(scale);
  expect(ticks.map(({ text }) => text)).toContain('0');
  expect(ticks.map(({ text }) => text)).toContain('1000');
  const places = ticks.map(({ at }) => at).sort((one, other) => one - other);
  for (const [at, place] of places.slice(1).entries()) expect(place - places[at]).toBeGreaterThanOrEqual(30);
});

test('names are cut by letters', () => {
  expect(shorten('abcdef', 4)).toBe('abc…');
  expect(shorten('abcd', 4)).toBe('abcd');
});

test('squares of a scatter plot are found where they are drawn', () => {
  const input = { mask: null, isLog: false, colours: null, nColours: 0 };
  const numbers = scatterOf({ ...input, x: Float64Array.of(0, 1, 2), y: Float64Array.of(5, 5, 7) });
  const layout = layOutScatter(numbers, false, null, { width: 400, height: 300 })!;
  expect(layout.isPoints).toBe(true);
  const square = squareAt(numbers.axes!, layout.x.invert(layout.x(2)), layout.y.invert(layout.y(7)));
  expect(square).toBe(8);
  expect(numbers.counts[square!]).toBe(1);
  expect(squareAt(numbers.axes!, -9, 5)).toBeNull();
  expect(layOutScatter({ ...numbers, axes: null }, false, null, { width: 4, height: 3 })).toBeNull();
});

test('what is wanted meanwhile is computed once, at last, and ends loads of other values', async () => {
  const wanted = signal({ needs: 'a', at: 0 });
  const computed: number[] = [];
  const ended: number[] = [];
  const gates: (() => void)[] = [];
  const stop = follow(wanted, (next, abort) => {
    computed.push(next!.at);
    abort.addEventListener('abort', () => ended.push(next!.at));
    return new Promise((done) => gates.push(done));
  });
  wanted.value = { needs: 'a', at: 1 };
  wanted.value = { needs: 'a', at: 2 };
  expect(ended).toEqual([]);
  wanted.value = { needs: 'b', at: 3 };
  expect([computed, ended]).toEqual([[0], [0]]);
  gates.shift()!();
  await Promise.resolve();
  await Promise.resolve();
  expect(computed).toEqual([0, 3]);
  stop();
  gates.shift()!();
  await Promise.resolve();
  expect(computed).toEqual([0, 3]);
});

test('vectors are handed over once, again after a failure, and dropped when no plot uses them', async () => {
  const loads: string[] = [];
  let isBroken = true;
  const source = (key: string): Source => ({
    key,
    load: () => {
      loads.push(key);
      if (key === 'b' && isBroken) return Promise.reject(new Error('gone'));
      return Promise.resolve({ kind: 'numbers', values: Float64Array.of(1, 2) });
    },
  });
  const client = new EngineClient();
  const { signal: never } = new AbortController();
  await client.with('violin', [source('a')], never);
  await client.with('violin', [source('a')], never);
  expect(loads).toEqual(['a']);
  await expect(client.with('violin', [source('a'), source('b')], never)).rejects.toThrow('gone');
  isBroken = false;
  await client.with('violin', [source('b')], never);
  expect(loads).toEqual(['a', 'b', 'b']);
  expect(client.hasAll([source('a')])).toBe(false);
  expect(client.hasAll([source('b')])).toBe(true);
});

test('a plot that gives up takes a vector from none that waits for it', async () => {
  const begun: AbortSignal[] = [];
  const gates: (() => void)[] = [];
  const slow: Source = {
    key: 'a',
    load: (signal) => {
      begun.push(signal);
      return new Promise((done, fail) => {
        signal.addEventListener('abort', () => fail(signal.reason as Error));
        gates.push(() => done({ kind: 'numbers', values: Float64Array.of(1, 2) }));
      });
    },
  };
  const client = new EngineClient();
  const [one, other] = [new AbortController(), new AbortController()];
  const given = client.with('violin', [slow], one.signal);
  const kept = client.with('composition', [slow], other.signal);
  await vi.waitUntil(() => begun.length > 0);
  one.abort();
  await expect(given).rejects.toThrow();
  expect(begun[0].aborted).toBe(false);
  gates[0]();
  await kept;
  expect([begun.length, client.hasAll([slow])]).toEqual([1, true]);
});
