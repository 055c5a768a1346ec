import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { MISSING } from '../../src/state/filters/mask';
import { followLink, linkOf } from '../../src/state/link/link';
import { readCells, saveCells } from '../../src/state/link/saved/cells';
import { loadSession, notInLink, readSession, writeSession } from '../../src/state/link/saved/file';
import { compare } from '../../src/state/link/saved/identity';
import { Session } from '../../src/state/session';
import { HOSTILE, streamBundle } from '../stream_fixture';

async function openSession(files = streamBundle()): Promise<Session> {
  const session = new Session(await openBundle(files));
  session.view.size.value = { width: 800, height: 600 };
  await followLink(session, '');
  session.history.begin();
  return session;
}

const cells = (...numbers: number[]) => Uint32Array.from(numbers);

async function load(session: Session, text: string): Promise<string> {
  const file = readSession(text);
  return loadSession(session, file, await compare(session, file.bundle));
}

/** A session file after a change of its JSON. */
async function changed(session: Session, change: (file: Record<string, Record<string, unknown>>) => void) {
  const file = JSON.parse(await writeSession(session)) as Record<string, Record<string, unknown>>;
  change(file);
  return JSON.stringify(file);
}

async function furnished(): Promise<Session> {
  const session = await openSession();
  session.groups.put({ name: '__proto__', color: '#123456', cells: cells(0, 1, 4) });
  session.groups.put({ name: 'none', color: '#abcdef', cells: cells() });
  session.groups.put({ name: 'gone', color: '#abcdef', cells: cells(2, 3) });
  await session.chooseColour({ by: 'gene', index: 1 }, HOSTILE[1]);
  session.colouring.chosenRange.value = [0.5, 3];
  session.colouring.scheme.value = 'magma';
  session.view.move({ x: 0.5, y: -0.25, zoom: 8 });
  session.appearance.pointSize.value = 2;
  session.appearance.showImage.value = false;
  session.drawer.open.value = 'histogram';
  session.drawer.dock.value = 'right';
  session.drawer.sizes.value = { below: 300, right: null };
  await session.hide(0, new Set([1, MISSING]));
  await session.filter({ kind: 'number', column: 1, low: 1, high: null, withMissing: true, isOn: false });
  await session.filter({
    kind: 'gene',
    gene: 3,
    name: HOSTILE[3],
    low: 0.25,
    high: 3,
    withMissing: false,
    isOn: true,
  });
  for (const name of ['__proto__', 'gone']) {
    const group = session.groups.list.peek().find((each) => each.name === name)!;
    await session.filter({ kind: 'cells', name, cells: group.cells, isInside: name !== 'gone', isOn: true });
  }
  session.groups.remove('gone');
  session.selection.set(cells(1, 3));
  return session;
}

describe('cells in a session file', () => {
  test.each([
    ['none', []],
    ['single ones', [0, 7, 900, 70_000]],
    ['all', [...Array(80_000).keys()]],
    ['every second', [...Array(40_000).keys()].map((each) => 2 * each)],
    ['the last', [79_999]],
    ['a long run', [3, ...Array.from({ length: 70_000 }, (_, at) => at + 9_000)]],
  ])('come back: %s', async (_, numbers) => {
    const saved = await saveCells(cells(...numbers.slice(0, 100)), 80_000);
    expect([...(await readCells(saved, 80_000))!]).toEqual(numbers.slice(0, 100));
    const all = await saveCells(Uint32Array.from(numbers), 80_000);
    expect(await readCells(all, 80_000)).toEqual(Uint32Array.from(numbers));
    // A bit for each cell is the longest form.
    expect(JSON.stringify(all).length).toBeLessThan((80_000 / 8 / 3) * 4 + 40);
  });

  test('are read as the documentation says', async () => {
    expect(await readCells({ count: 4, runs: 'AwIFAg==' }, 700)).toEqual(cells(3, 4, 10, 11));
    expect(await readCells({ count: 2, bits: 'CQA=' }, 12)).toEqual(cells(0, 3));
  });

  test.each([
    ['of another number', { count: 2, runs: 'AAE=' }],
    ['in an empty run', { count: 0, runs: 'AAA=' }],
    ['with half a run', { count: 1, runs: 'AA==' }],
    ['with half a number', { count: 1, runs: 'AIA=' }],
    ['out of range', { count: 1, runs: 'CAE=' }],
    ['with a huge number', { count: 1, runs: '//////8B' }],
    ['of a huge number', { count: 2 ** 53 - 1, runs: '' }],
    ['in no base64', { count: 1, runs: '?A==' }],
    ['with a bit too many', { count: 1, bits: 'IA==' }],
    ['with too few bits', { count: 0, bits: '' }],
    ['with too many bytes', { count: 0, bits: 'AAAAAAAA' }],
    ['with another number of bits', { count: 1, bits: 'Aw==' }],
  ])('are refused %s', async (_, saved) => {
    expect(await readCells(saved, 5)).toBe(null);
  });
});

describe('a session file', () => {
  test('brings back every part in one step, which can be undone', async () => {
    const session = await furnished();
    const text = await writeSession(session);
    const link = linkOf(session).peek();
    const other = await openSession();
    const before = linkOf(other).peek();
    expect(await load(other, text)).toBe('The session is restored.');
    expect(other.history.undoes.value).toBe('restoring the session');
    expect(linkOf(other).peek()).toBe(link);
    expect(other.missed.value).toBe(null);
    expect(other.groups.list.value).toEqual(session.groups.list.value);
    expect(other.filters.all.value).toEqual(session.filters.all.value);
    expect(other.filters.nShown.value).toBe(session.filters.nShown.value);
    expect(other.selection.cells.value).toEqual(cells(1, 3));
    expect(other.appearance.pointSize.value).toBe(2);
    expect(other.appearance.showImage.value).toBe(false);
    expect(other.drawer.open.value).toBe('histogram');
    expect(other.drawer.dock.value).toBe('right');
    expect(other.drawer.sizes.value).toEqual({ below: 300, right: null });
    const parts = (each: string) => (JSON.parse(each) as { parts: unknown }).parts;
    expect(parts(await writeSession(other))).toEqual(parts(text));
    await other.history.undo();
    expect(other.history.undoes.value).toBe(null);
    other.view.reset();
    // What is open in the drawer is no step.
    other.drawer.open.value = null;
    expect(linkOf(other).peek()).toBe(before);
    expect(other.groups.list.value).toEqual([]);
  });

  test('holds the settings of plots that are closed', async () => {
    const session = await openSession();
    const { histogram, composition } = session.plots;
    histogram.chosen.value = { by: 'gene', index: 1, name: HOSTILE[1] };
    histogram.by.value = { by: 'column', index: 0 };
    histogram.nBins.value = 17;
    histogram.isLog.value = true;
    histogram.look.value = 'stacked';
    histogram.onlySelected.value = true;
    composition.chosenOf.value = { by: 'groups' };
    composition.chosenBy.value = { by: 'column', index: 0 };
    composition.amount.value = 'counts';
    composition.sort.value = 'size';
    composition.onlySelected.value = true;
    const text = await writeSession(session);
    const other = await openSession();
    other.drawer.open.value = 'histogram';
    await load(other, text);
    const peeked = (session: Session) => {
      const { histogram: h, composition: c } = session.plots;
      return [
        ...[h.chosen, h.by, h.nBins, h.isLog, h.look, h.onlySelected],
        ...[c.chosenOf, c.chosenBy, c.amount, c.sort, c.onlySelected],
      ].map((each) => each.peek() as unknown);
    };
    expect(peeked(other)).toEqual(peeked(session));
    await other.history.undo();
    expect(peeked(other)).toEqual(peeked(await openSession()));
    expect(other.missed.value).toBe(null);
  });

  test('holds gene lists that are too large for a link', async () => {
    const session = await openSession();
    const { names } = await session.loadGenes();
    const wanted = Array.from({ length: 9 }, (_, at) => ({
      name: `${'x'.repeat(190)}${at}`,
      genes: [0, 1, 3],
    }));
    for (const each of wanted) session.geneLists.put(each);
    const { name } = wanted[8];
    session.geneLists.chosen.value = name;
    await session.chooseColour({ by: 'list', name, genes: [0, 3], method: 'mean' }, name);
    expect(notInLink(session)).toContain(`the gene list “${name}”`);
    const other = await openSession();
    await load(other, await writeSession(session));
    expect(names).toContain(HOSTILE[3]);
    expect(other.geneLists.list.value).toEqual(wanted);
    expect(other.geneLists.chosen.value).toBe(name);
    expect(other.colouring.current.value.by).toEqual({ by: 'list', name, genes: [0, 3], method: 'mean' });
  });

  test('brings back colours of groups that are too large for a link', async () => {
    const session = await openSession();
    session.groups.put({ name: 'x'.repeat(200), color: '#123456', cells: cells(0, 4) });
    await session.chooseColour({ by: 'groups' }, 'My groups');
    const other = await openSession();
    other.groups.put({ name: 'other', color: '#123456', cells: cells(2) });
    await load(other, await writeSession(session));
    expect(other.groups.list.value.map(({ name }) => name)).toEqual(['x'.repeat(200)]);
    expect(other.colouring.current.value.by).toEqual({ by: 'groups' });
  });

  test('of other cells leaves out what names cells by number', async () => {
    const text = await writeSession(await furnished());
    const other = await openSession(streamBundle((atlas) => (atlas.dataset_name = 'renamed')));
    const renamed = await compare(other, readSession(text).bundle);
    expect(renamed).toEqual({ hasSameCells: true, differences: ['its name is “five”, not “renamed”'] });

    const elsewhere = await changed(await furnished(), ({ bundle }) => (bundle.digest = '00000000'));
    const file = readSession(elsewhere);
    const comparison = await compare(other, file.bundle);
    expect(comparison.differences).toContain('its cells lie elsewhere in “spatial”');
    await loadSession(other, file, comparison);
    expect(other.groups.list.value).toEqual([]);
    expect(other.selection.count.value).toBe(0);
    expect(other.colouring.current.value.by).toEqual({ by: 'gene', index: 1 });
    expect(other.filters.all.value.map(({ kind }) => kind)).toEqual(['categories', 'number', 'gene']);
    expect(String(other.missed.value)).toContain('the groups: they are numbers of other cells');

    const larger = await changed(await furnished(), ({ bundle }) => (bundle.cells = 6));
    expect((await compare(other, readSession(larger).bundle)).differences).toContain('it has 6 cells, not 5');
    const unknown = await changed(await furnished(), ({ bundle }) => (bundle.embedding = '__proto__'));
    expect((await compare(other, readSession(unknown).bundle)).hasSameCells).toBe(false);
  });

  test.each([
    ['not JSON', 'group,cell_id', 'not a session file'],
    ['cut off', '{"format":"karospace-session","version":1', 'cut off'],
    ['a list', '[]', 'not a session file'],
    ['nothing', 'null', 'not a session file'],
    ['of groups', '{"format":"karospace-groups"}', 'a file of groups'],
    ['newer', '{"format":"karospace-session","version":2}', 'version 2'],
    ['of no version', '{"format":"karospace-session","version":{"a":1}}', 'version {"a":1}'],
    ['without parts', '{"format":"karospace-session","version":1,"saved":""}', 'damaged'],
  ])('is refused if it is %s', (_, text, message) => {
    expect(() => readSession(text)).toThrow(message);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['groups of the wrong type', { groups: 7 }, 'the groups must be a list, got 7'],
    [
      'a colour that is none',
      { groups: [{ name: 'a', color: 'red;', cells: { count: 0, runs: '' } }] },
      'the colour of group 1 must be like #1f77b4, got "red;".',
    ],
    [
      'cells out of range',
      { groups: [{ name: 'a', color: '#123456', cells: { count: 1, runs: 'CAE=' } }] },
      'cells of the group “a”',
    ],
    [
      'a group twice',
      { groups: Array(2).fill({ name: 'a', color: '#123456', cells: { count: 0, runs: '' } }) },
      'two groups “a”',
    ],
    ['a selection out of range', { selection: { count: 9, runs: 'AAk=' } }, 'selected cells'],
    [
      'a huge point size',
      { appearance: { pointSize: 1e300, opacity: 1, showImage: true, imageOpacity: 1 } },
      'the point size of the appearance must be at most 100, got 1e+300.',
    ],
    [
      'a drawer of no size',
      { drawer: { open: null, dock: 'below', below: -1, right: null } },
      'the height of the drawer must be at least 0, got -1.',
    ],
    [
      'a filter of no kind',
      { filters: [{ kind: 'constructor' }] },
      'the kind of filter 1 must be "categories" or',
    ],
    ['a list without genes', { gene_lists: [{ name: 'a' }] }, 'the genes of gene list 1 is missing.'],
    [
      'a group of no name',
      { groups: [{ name: '', color: '#123456', cells: { count: 0, runs: '' } }] },
      'the name of group 1 must be at least 1 letter long',
    ],
    [
      'a link that is a list',
      { link: ['column=area'] },
      'the view and the colours must be a text, got a list',
    ],
  ])('is refused as a whole if it has %s', async (_, parts, message) => {
    const session = await openSession();
    const before = linkOf(session).peek();
    const text = await changed(await furnished(), (file) => Object.assign(file.parts, parts));
    await expect(load(session, text)).rejects.toThrow(message);
    expect(linkOf(session).peek()).toBe(before);
    expect(session.history.undoes.value).toBe(null);
  });

  test('names what this bundle does not have, and parts that are not known', async () => {
    const session = await openSession();
    const text = await changed(await furnished(), ({ parts }) => {
      parts.filters = [
        { kind: 'number', column: 'no area', low: -1e308, high: 1e308, missing: true, on: true },
        { kind: 'number', column: '__proto__', low: null, high: 1, missing: true, on: true },
        { kind: 'gene', gene: 'constructor', low: 0, high: null, missing: true, on: true },
        { kind: 'group', name: 'toString', inside: true, on: true },
        { kind: 'categories', column: '__proto__', hidden: ['B', 'constructor'], on: true },
      ];
      parts.later = 7;
    });
    await load(session, text);
    const said = String(session.missed.value);
    for (const part of [
      '“no area”',
      '“__proto__”',
      '“constructor”',
      '“toString”',
      '“later” is no part of a session file',
    ])
      expect(said).toContain(part);
    expect(session.filters.all.value).toEqual([
      { kind: 'categories', column: 0, hidden: new Set([0]), isOn: true },
    ]);
  });

  test('says what was restored, or that it holds nothing', async () => {
    const session = await openSession();
    const none = await changed(session, (file) => (file.parts = {}));
    await expect(load(session, none)).rejects.toThrow('holds nothing that can be restored');
    const unknown = await changed(session, (file) => (file.parts = { later: 7 }));
    await expect(load(session, unknown)).rejects.toMatchObject({
      advice: expect.stringContaining('“later” is no part of a session file') as string,
    });
    expect(session.history.undoes.value).toBe(null);
    const some = await changed(session, (file) => {
      const { groups, filters, selection } = file.parts;
      file.parts = { groups, filters, selection };
    });
    expect(await load(session, some)).toBe('Restored: the groups, the filters and the selection.');
  });

  test('does not let a link in it bring cells that do not fit', async () => {
    const session = await openSession();
    const text = await changed(session, ({ parts }) => {
      parts.link = 'selected=0-3&groups=[["a","%23123456","0"]]';
      delete parts.groups;
    });
    await load(session, text);
    expect(session.groups.list.value).toEqual([]);
    expect(session.selection.count.value).toBe(0);
  });
});

test('says what a link does not hold', async () => {
  const session = await openSession();
  expect(notInLink(session)).toEqual([]);
  session.groups.put({ name: 'x'.repeat(200), color: '#123456', cells: cells(0, 4) });
  const gone = cells(2, 3);
  await session.filter({ kind: 'cells', name: 'gone', cells: gone, isInside: true, isOn: true });
  await session.filter({ kind: 'number', column: 1, low: 1, high: null, withMissing: true, isOn: false });
  expect(notInLink(session)).toEqual(['the filter of “gone”', 'filters that are switched off']);
});
