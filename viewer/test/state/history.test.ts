import { signal } from '@preact/signals-core';
import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { History, type Part } from '../../src/state/history/history';
import { pack } from '../../src/state/history/packed';
import { followLink } from '../../src/state/link/link';
import { Session } from '../../src/state/session';
import { streamBundle } from '../stream_fixture';

const cells = (...numbers: number[]) => Uint32Array.from(numbers);

/** A part that holds a number, and `nbytes` bytes for each of its values. */
function numberPart(name: string, nbytes = 0, isGradual = false) {
  const value = signal(0);
  const part: Part = {
    name,
    isGradual,
    value,
    keep: () => {
      const kept = value.peek();
      return {
        holds: [new Uint8Array(nbytes)],
        restore: () => {
          value.value = kept;
          return true;
        },
      };
    },
  };
  return { value, part };
}

describe('a history', () => {
  test('goes back and forth, and says what changes', async () => {
    const [one, other] = [numberPart('one'), numberPart('other')];
    const history = new History([one.part, other.part]);
    one.value.value = 1;
    expect(await history.undo()).toBe(null);
    history.begin();
    history.begin();
    expect([history.undoes.value, history.redoes.value]).toEqual([null, null]);
    one.value.value = 2;
    other.value.value = 5;
    expect(history.undoes.value).toBe('other');
    expect(await history.undo()).toBe('other');
    expect([one.value.value, other.value.value]).toEqual([2, 0]);
    expect([history.undoes.value, history.redoes.value]).toEqual(['one', 'other']);
    expect(await history.undo()).toBe('one');
    expect(await history.undo()).toBe(null);
    expect([one.value.value, other.value.value]).toEqual([1, 0]);
    await Promise.all([history.redo(), history.redo(), history.redo()]);
    expect([one.value.value, other.value.value]).toEqual([2, 5]);
    await history.undo();
    one.value.value = 9;
    expect(history.redoes.value).toBe(null);
    expect(await history.undo()).toBe('one');
    expect([one.value.value, other.value.value]).toEqual([2, 0]);
  });

  test('takes the changes of one step together, also if it fails', async () => {
    const [one, other] = [numberPart('one'), numberPart('other')];
    const history = new History([one.part, other.part]);
    history.begin();
    const failing = history.step(async () => {
      one.value.value = 1;
      await Promise.resolve();
      other.value.value = 1;
      throw new Error('lost');
    });
    await expect(failing).rejects.toThrow('lost');
    expect(history.undoes.value).toBe('one and other');
    await history.undo();
    expect([one.value.value, other.value.value]).toEqual([0, 0]);
    expect(history.undoes.value).toBe(null);
  });

  test('names a step by its own name, or lists what it changes with commas', async () => {
    const parts = ['the groups', 'the colours', 'the filter'].map((name) => numberPart(name));
    const history = new History(parts.map(({ part }) => part));
    history.begin();
    const work = (number: number) => () => {
      for (const { value } of parts) value.value = number;
      return Promise.resolve();
    };
    await history.step(work(1));
    expect(history.undoes.value).toBe('the groups, the colours and the filter');
    await history.step(work(2), 'restoring the session');
    expect(await history.undo()).toBe('restoring the session');
    expect(history.redoes.value).toBe('restoring the session');
  });

  test('takes small steps in quick succession together', async () => {
    let now = 0;
    const slider = numberPart('slider', 0, true);
    const history = new History([slider.part], () => now);
    history.begin();
    for (const value of [1, 2, 3]) {
      slider.value.value = value;
      now += 100;
    }
    now += 5000;
    slider.value.value = 4;
    await history.undo();
    expect(slider.value.value).toBe(3);
    await history.undo();
    expect(slider.value.value).toBe(0);
  });

  test('keeps at most 100 states, and no more bytes than it may', async () => {
    const small = numberPart('small');
    const many = new History([small.part]);
    many.begin();
    for (let value = 1; value <= 150; value++) small.value.value = value;
    expect(many.size.states).toBe(100);
    while (many.undoes.value !== null) await many.undo();
    expect(small.value.value).toBe(51);

    const large = numberPart('large', 1000);
    const few = new History([large.part], () => 0, 5500);
    few.begin();
    for (let value = 1; value <= 50; value++) large.value.value = value;
    expect(few.size).toEqual({ states: 6, nbytes: 5000 });
    await few.undo();
    expect(large.value.value).toBe(49);
  });

  test('keeps what was shown if a value cannot be shown again', async () => {
    const value = signal('first');
    const broken: Part = {
      name: 'broken',
      value,
      keep: () => ({ holds: [], restore: () => Promise.resolve(false) }),
    };
    const other = numberPart('other');
    const history = new History([broken, other.part]);
    history.begin();
    value.value = 'second';
    await history.undo();
    expect(value.value).toBe('second');
    expect(history.undoes.value).toBe(null);
    other.value.value = 1;
    expect(history.undoes.value).toBe('other');
  });
});

test('packed cells are a list or bits, whichever is shorter', () => {
  const few = cells(0, 31, 999);
  expect(pack(few, 1000).array).toBe(few);
  const many = Uint32Array.from({ length: 500 }, (_, at) => 2 * at + 1);
  const packed = pack(many, 1000);
  expect(packed.array.byteLength).toBe(125);
  expect(packed.unpack()).toEqual(many);
  expect(pack(cells(), 0).unpack()).toEqual(cells());
});

describe('of a session', () => {
  async function openSession(): Promise<Session> {
    const session = new Session(await openBundle(streamBundle()));
    session.view.size.value = { width: 800, height: 600 };
    await followLink(session, '');
    session.history.begin();
    return session;
  }

  test('colours, filters, the selection and groups come back', async () => {
    const session = await openSession();
    const { history, colouring, filters, selection, groups } = session;
    await session.hide(0, new Set([1]));
    await session.hide(0, new Set([1]));
    selection.set(cells(0, 2));
    await session.chooseColour({ by: 'gene', index: 1 }, 'one');
    await session.chooseColour({ by: 'gene', index: 1 }, 'one');
    colouring.scheme.value = 'magma';
    groups.put({ name: 'mine', color: '#112233', cells: selection.cells.peek() });
    session.hovered.value = { cell: 1, x: 0, y: 0 };
    const undone = [];
    for (let name = await history.undo(); name !== null; name = await history.undo()) undone.push(name);
    expect(undone).toEqual(['the groups', 'the palette', 'the colours', 'the selection', 'the filter']);
    expect(colouring.current.value.by).toEqual({ by: 'column', index: 0 });
    expect([filters.hidden.value.size, selection.count.value, groups.list.value.length]).toEqual([0, 0, 0]);
    while ((await history.redo()) !== null);
    expect(colouring.current.value).toMatchObject({ by: { by: 'gene', index: 1 } });
    expect(colouring.scheme.value).toBe('magma');
    expect([...filters.hidden.value]).toEqual([[0, new Set([1])]]);
    expect([...selection.cells.value]).toEqual([0, 2]);
    expect(groups.list.value.map(({ name }) => name)).toEqual(['mine']);
  });

  test('settings of plots and of a comparison come back', async () => {
    const { history, plots, compare } = await openSession();
    plots.violin.split.value = { by: 'column', index: 0 };
    plots.histogram.nBins.value = 7;
    plots.composition.sort.value = 'size';
    plots.scatter.isLog.value = true;
    const [first, second] = compare.sides.peek();
    compare.sides.value = [second, first];
    const undone = [];
    for (let times = 0; times < 4; times++) undone.push(await history.undo());
    expect(undone).toEqual(['the comparison', 'the plot', 'the plot', 'the plot']);
    expect(compare.sides.value).toEqual([first, second]);
    expect([plots.histogram.nBins.value, plots.composition.sort.value]).toEqual([40, 'legend']);
    expect([plots.violin.split.value.by, plots.scatter.isLog.value]).toEqual(['column', false]);
    expect(await history.undo()).toBe('the plot');
    expect(plots.violin.split.value.by).toBe('nothing');
    expect(await history.undo()).toBe(null);
    while ((await history.redo()) !== null);
    expect(compare.sides.value).toEqual([second, first]);
    expect([plots.violin.split.value.by, plots.scatter.isLog.value]).toEqual(['column', true]);
  });

  test('a link that is followed is one step', async () => {
    const session = await openSession();
    await session.history.step(() => followLink(session, 'column=area&hidden=[["__proto__",["B"]]]'));
    expect(session.filters.hidden.value.size).toBe(1);
    expect(await session.history.undo()).toBe('the colours and the filter');
    expect(session.filters.hidden.value.size).toBe(0);
    expect(session.colouring.current.value.label).toBe('__proto__');
    expect(session.history.undoes.value).toBe(null);
  });
});

describe('filters', () => {
  test('come back, also those that are off; a slide is one step', async () => {
    const session = new Session(await openBundle(streamBundle()));
    session.view.size.value = { width: 800, height: 600 };
    await followLink(session, '');
    session.history.begin();
    const { filters, history, bundle } = session;
    const column = bundle.columns.findIndex(({ kind }) => kind === 'number');
    const range = (low: number, isOn = true) =>
      session.filter({ kind: 'number', column, low, high: null, withMissing: false, isOn });
    await session.hide(0, new Set([1]));
    const first = filters.all.value;
    await range(1);
    for (const low of [1.1, 1.2, 1.3]) await range(low);
    const second = filters.all.value;
    await range(1.3, false);
    await history.undo();
    expect(filters.all.value).toBe(second);
    expect(filters.mask.value).not.toBe(null);
    await history.undo();
    expect(filters.all.value).toBe(first);
    await history.undo();
    expect([filters.all.value, filters.mask.value]).toEqual([[], null]);
    await history.redo();
    await history.redo();
    expect(filters.all.value).toBe(second);
    filters.clear();
    await history.undo();
    expect(filters.all.value).toBe(second);
  });
});
