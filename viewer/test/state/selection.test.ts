import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { paintNumbers } from '../../src/state/colouring/paint';
import { paintedColumns, toCsv } from '../../src/state/texts/csv';
import { emphasise, FAINT, FULL } from '../../src/state/selection/emphasis';
import { Selection } from '../../src/state/selection/selection';
import { combine, intersect, MODES, subtract, union } from '../../src/state/selection/sets';
import { Session } from '../../src/state/session';
import { HOSTILE, streamBundle } from '../stream_fixture';

const cells = (...numbers: number[]) => Uint32Array.from(numbers);

describe('a selection', () => {
  test('is told at once and with every change, and not when nothing changes', () => {
    const selection = new Selection();
    const told: number[][] = [];
    const stop = selection.subscribe((now) => told.push([...now]));
    selection.clear();
    selection.set(cells(1, 5));
    selection.apply('add', cells(0, 5, 7));
    selection.apply('add', cells(0));
    selection.apply('subtract', cells(9));
    selection.clear();
    stop();
    selection.set(cells(2));
    expect(told).toEqual([[], [1, 5], [0, 1, 5, 7], []]);
    expect(selection.count.value).toBe(1);
  });

  test('joins rising lists without doubles', () => {
    for (let seed = 1; seed < 50; seed++) {
      const some = (step: number) =>
        [...Array(40).keys()].filter((cell) => (cell * 7919 * seed + step) % 5 < 2 + (step % 2));
      const [one, other] = [some(seed), some(seed * 3)];
      const expected = [...new Set([...one, ...other])].sort((a, b) => a - b);
      expect([...union(cells(...one), cells(...other))]).toEqual(expected);
      // The same cells far apart: such lists are compared, and not marked.
      const [far, farther] = [one, other].map((list) => cells(...list.map((cell) => 1000 * cell)));
      expect([...union(far, farther)]).toEqual(expected.map((cell) => 1000 * cell));
      const both = one.filter((cell) => other.includes(cell));
      expect([...intersect(cells(...one), cells(...other))]).toEqual(both);
      expect([...intersect(far, farther)]).toEqual(both.map((cell) => 1000 * cell));
      const rest = one.filter((cell) => !other.includes(cell));
      expect([...subtract(cells(...one), cells(...other))]).toEqual(rest);
      expect([...subtract(far, farther)]).toEqual(rest.map((cell) => 1000 * cell));
    }
  });

  test('is replaced, added to, cut and crossed', () => {
    const [now, more] = [cells(1, 3, 5), cells(0, 3, 9)];
    expect(MODES.map((mode) => [...combine(mode, now, more)])).toEqual([
      [0, 3, 9],
      [0, 1, 3, 5, 9],
      [1, 5],
      [3],
    ]);
    expect([...subtract(cells(), now)]).toEqual([]);
    expect([...intersect(now, cells())]).toEqual([]);
  });

  test('takes what is found later in the order in which it was asked for', async () => {
    const selection = new Selection();
    let find!: (found: ReturnType<typeof cells>) => void;
    const slow = new Promise<ReturnType<typeof cells>>((done) => (find = done));
    const first = selection.applyLater('replace', slow);
    const second = selection.applyLater('add', Promise.resolve(cells(7)));
    await Promise.resolve();
    expect([...selection.cells.value]).toEqual([]);
    find(cells(1));
    await Promise.all([first, second]);
    expect([...selection.cells.value]).toEqual([1, 7]);
    await expect(selection.applyLater('add', Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    await selection.applyLater('subtract', Promise.resolve(cells(1)));
    expect([...selection.cells.value]).toEqual([7]);
  });

  test('makes the other shown cells faint, and shows no hidden one', () => {
    const mask = Uint8Array.of(255, 0, 255, 0);
    expect(emphasise(4, mask, cells())).toBe(mask);
    expect(emphasise(4, mask, cells(0, 1))).toEqual(Uint8Array.of(FULL, 0, FAINT, 0));
    expect(emphasise(2, null, cells(1))).toEqual(Uint8Array.of(FAINT, FULL));
    expect(mask).toEqual(Uint8Array.of(255, 0, 255, 0));
  });
});

test('what the filters show can be selected', async () => {
  const session = new Session(await openBundle(streamBundle()));
  expect([...session.filters.shownCells()]).toEqual([0, 1, 2, 3, 4]);
  await session.hide(0, new Set([1]));
  expect([...session.filters.shownCells()]).toEqual([0, 2]);
  session.selection.set(cells(0, 1));
  session.selection.invert(session.filters);
  expect([...session.selection.cells.value]).toEqual([2]);
});

describe('colouring by name', () => {
  test.each([...HOSTILE.keys()])('takes gene %i by its very name', async (index) => {
    const session = new Session(await openBundle(streamBundle()));
    await session.colourByGene(HOSTILE[index]);
    expect(session.colouring.current.value).toMatchObject({
      by: { by: 'gene', index },
      label: HOSTILE[index],
    });
  });

  test('takes a column, and says which names it does not know', async () => {
    const session = new Session(await openBundle(streamBundle()));
    await session.colourByColumn('area');
    expect(session.colouring.current.value.label).toBe('area');
    await session.colourByColumn('barcode');
    expect(session.problem.value).toMatchObject({ message: expect.stringContaining('"barcode"') as string });
    await session.colourByGene('constructor');
    expect(session.problem.value).toMatchObject({
      message: expect.stringContaining('"constructor"') as string,
    });
    expect(session.colouring.current.value.label).toBe('area');
    await session.colourByColumn('primary');
    expect(session.problem.value).toBe(null);
  });
});

test('ids become CSV that gives them back', () => {
  const ids = ['a', 'a,b', 'say "x"', 'two\nlines', '', '=1+1', ' b '];
  const csv = toCsv([{ header: 'cell_id', texts: ids }]);
  expect(csv).toBe('cell_id\r\na\r\n"a,b"\r\n"say ""x"""\r\n"two\nlines"\r\n""\r\n=1+1\r\n b \r\n');
});

test('values that colour the cells are a column with the name of what colours them', () => {
  const cells = Uint32Array.of(0, 2, 3);
  const numbers = paintNumbers(Float32Array.of(0.1, 9, NaN, 1234567));
  expect(paintedColumns(numbers, 'CD3D', [], cells)).toEqual([
    { header: 'CD3D', texts: ['0.1', '', '1234567'] },
  ]);
  const far = paintNumbers(Float64Array.of(100000.5, 9, 100002, NaN));
  expect(paintedColumns(far, 'x', [], cells)[0].texts).toEqual(['100000.5', '100002', '']);
  const labels = {
    kind: 'category' as const,
    values: Float32Array.of(1, 0, NaN, 0),
    order: null,
    labels: ['B, cell', 'T'],
    colors: null,
    counts: Uint32Array.of(2, 1),
    nMissing: 1,
  };
  const csv = (names: readonly string[]) =>
    toCsv([
      { header: 'cell_id', texts: ['a', 'b', 'c'] },
      ...paintedColumns(labels, 'cell_type', names, cells),
    ]);
  expect(csv(labels.labels)).toBe('cell_id,cell_type\r\na,T\r\nb,""\r\nc,"B, cell"\r\n');
  // Renamed categories have both names.
  expect(csv(['B, cell', 'T cells'])).toBe(
    'cell_id,cell_type,cell_type (as shown)\r\na,T,T cells\r\nb,"",""\r\nc,"B, cell","B, cell"\r\n',
  );
  expect(paintedColumns({ kind: 'plain' }, '', [], cells)).toEqual([]);
});
