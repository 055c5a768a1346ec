import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { MISSING } from '../../src/state/filters/mask';
import { cellsOfText, textOfCells, textOfGroups } from '../../src/state/link/cells';
import { followLink, linkOf } from '../../src/state/link/link';
import { fitFlat } from '../../src/state/view/fit';
import { Session } from '../../src/state/session';
import { HOSTILE, streamBundle } from '../stream_fixture';

async function openSession(files = streamBundle()): Promise<Session> {
  const session = new Session(await openBundle(files));
  session.view.size.value = { width: 800, height: 600 };
  return session;
}

describe('a session', () => {
  test('begins with a column of categories', async () => {
    const session = await openSession();
    await followLink(session, '');
    expect(session.colouring.current.value).toMatchObject({
      by: { by: 'column', index: 0 },
      label: '__proto__',
    });
    expect(session.problem.value).toBe(null);
  });

  test('keeps what is drawn when something cannot be loaded', async () => {
    const files = streamBundle();
    files.files.delete('a/number_0.bin.gz');
    const session = await openSession(files);
    await followLink(session, '');
    await session.chooseColour({ by: 'column', index: 1 }, 'area');
    expect(session.problem.value).toMatchObject({ path: 'a/number_0.bin.gz' });
    expect(session.colouring.current.value.label).toBe('__proto__');
    expect(session.colouring.wanted.value).toEqual({ by: 'column', index: 0 });
    expect(session.busy.value).toBe(null);
  });

  test('says what is missing where there is nothing to draw at all', async () => {
    const files = streamBundle();
    files.files.delete('a/xy_1.bin.gz');
    const session = await openSession(files);
    await followLink(session, 'column=area');
    expect(session.view.embedding.value).toBe(null);
    expect(session.problem.value).toMatchObject({ path: 'a/xy_1.bin.gz' });
  });

  test('takes back what it said when the same thing succeeds, and only then', async () => {
    const files = streamBundle();
    files.files.delete('a/number_0.bin.gz');
    const session = await openSession(files);
    await session.chooseColour({ by: 'column', index: 1 }, 'area');
    await session.hide(0, new Set([1]));
    expect(session.problem.value).not.toBe(null);
    await session.chooseColour({ by: 'column', index: 2 }, 'primary');
    expect(session.problem.value).toBe(null);
  });

  test('draws what was chosen last, whatever comes first', async () => {
    const session = await openSession();
    await Promise.all([
      session.chooseColour({ by: 'gene', index: 1 }, '__proto__'),
      session.chooseColour({ by: 'column', index: 2 }, 'primary'),
    ]);
    expect(session.colouring.current.value.label).toBe('primary');
  });

  test('filters by several columns at once', async () => {
    const session = await openSession();
    await session.hide(0, new Set([0]));
    await session.hide(2, new Set([MISSING]));
    expect(session.filters.nShown.value).toBe(3);
    await session.hide(0, new Set());
    expect(session.filters.nShown.value).toBe(4);
    session.filters.clear();
    expect(session.filters.mask.value).toBe(null);
  });

  test('cuts the range at percentiles, and forgets it with the next colouring', async () => {
    const session = await openSession();
    await session.chooseColour({ by: 'gene', index: 1 }, '');
    session.colouring.cutAt(0.25);
    // Of 0, 1, 2, 3 and 4: a cell that does not express the gene says nothing about its range.
    expect(session.colouring.range.value).toEqual([2, 3]);
    await session.chooseColour({ by: 'column', index: 1 }, '');
    expect(session.colouring.range.value).toEqual([1, 4]);
  });
});

describe('zeros', () => {
  test('are grey in genes only, where the user wants it, and a filter changes what is told', async () => {
    const session = await openSession();
    const { colouring } = session;
    await session.chooseColour({ by: 'gene', index: 1 }, '');
    expect(colouring.hasGreyZeros.value).toBe(true);
    expect(colouring.summary.value).toMatchObject({ nZero: 1, nOther: 4, mean: 2.5 });
    await session.hide(0, new Set([1]));
    expect(colouring.summary.value).toMatchObject({ nZero: 1, nOther: 1, mean: 2 });
    colouring.greyZeros.value = false;
    expect(colouring.hasGreyZeros.value).toBe(false);
    colouring.greyZeros.value = true;
    await session.chooseColour({ by: 'column', index: 1 }, '');
    expect(colouring.hasGreyZeros.value).toBe(false);
    await session.chooseColour({ by: 'column', index: 0 }, '');
    expect(colouring.summary.value).toBe(null);
  });
});

describe('a link', () => {
  test('brings another session to the same view', async () => {
    const session = await openSession();
    await followLink(session, '');
    await session.chooseColour({ by: 'gene', index: 1 }, '__proto__');
    session.colouring.chosenRange.value = [0.5, 2];
    session.colouring.scheme.value = 'magma';
    session.colouring.greyZeros.value = false;
    session.view.move({ x: 0.25, y: -0.5, zoom: 12 });
    await session.hide(0, new Set([1, MISSING]));
    const link = linkOf(session).value;

    const other = await openSession();
    await followLink(other, link);
    expect(linkOf(other).value).toBe(link);
    expect(other.colouring.current.value.by).toEqual({ by: 'gene', index: 1 });
    expect(other.colouring.range.value).toEqual([0.5, 2]);
    expect(other.colouring.greyZeros.value).toBe(false);
    expect(other.view.moved.value).toEqual({ x: 0.25, y: -0.5, zoom: 12 });
    expect(other.filters.hidden.value).toEqual(new Map([[0, new Set([1, MISSING])]]));
  });

  test.each([...HOSTILE.entries()])('carries the name of gene %i, whatever it is', async (index, name) => {
    const session = await openSession();
    await session.chooseColour({ by: 'gene', index }, name);
    const other = await openSession();
    await followLink(other, linkOf(session).value);
    expect(other.colouring.current.value).toMatchObject({ by: { by: 'gene', index }, label: name });
  });

  test.each([
    ['gene=absent', 'the gene “absent”'],
    ['column=barcode', 'the column of colours “barcode”'],
    ['view=1,2', 'the position in the plot “1,2”'],
    ['view=a,b,c', 'the position in the plot “a,b,c”'],
    ['hidden=[[1]]', 'the filter “[[1]]”'],
    ['hidden=x', 'the filter “x”'],
    ['shown=[["absent",["B"]]]', 'the filtered column “absent”'],
    ['shown=[["__proto__",["absent"]]]', 'the category “absent” of “__proto__”'],
    ['embedding=x', 'the embedding “x”'],
    ['scheme=x', 'the palette “x”'],
    ['scale=log2', 'the scale of the colours “log2”'],
    ['legend=x', 'the names and colours of categories “x”'],
    ['legend=[{"column":"absent"}]', 'the column of changed categories “absent”'],
    ['range=0', 'the range of colours “0”'],
    ['edges=x', 'the edges “x”'],
    ['vectors=x', 'the vectors “x”'],
  ])('that asks for %j, which the bundle does not have, opens the rest and says so', async (link, named) => {
    const session = await openSession();
    await followLink(session, link);
    expect(session.colouring.current.value.label).toBe('__proto__');
    expect(session.view.moved.value).toBe(null);
    expect(session.filters.mask.value).toBe(null);
    expect(session.problem.value).toBe(null);
    expect(session.missed.value?.message).toBe(`This data set lacks parts that the link names: ${named}.`);
  });

  test.each([
    ['coords=umap', '“coords” is no part of a link (did you mean “embedding”?)'],
    ['Gene=x', '“Gene” is no part of a link (did you mean “gene”?)'],
    ['T', '“T” is no part of a link'],
    ['gene=', 'the gene is empty'],
    ['column=', 'the column of colours is empty'],
    ['column=__proto__&column=area', 'a second “column” with “area” is not used: a link has one'],
    ['flat=yes', '“flat” with “yes” is not used: it must be “1”'],
    ['zeros=grey', '“zeros” with “grey” is not used: it must be “coloured” or “undetected”'],
    ['sections=0', '“sections” with “0” is not used: it must be “unnamed”'],
    ['labels=0', '“labels” with “0” is not used: it must be “1”'],
    ['reversed=yes', '“reversed” with “yes” is not used: it must be “1”'],
    ['middle=1', 'the middle of the colours with “1” is not used: the colours have none'],
    ['range=1,2', 'the range of colours with “1,2” is not used: no number colours the cells'],
  ])('that says %j opens the rest and says what is not applied', async (link, named) => {
    const session = await openSession();
    await followLink(session, link);
    expect(session.colouring.current.value.label).toBe('__proto__');
    expect(session.colouring.chosenRange.value).toBe(null);
    expect(session.missed.value?.message).toBe(`Parts of the link cannot be applied: ${named}.`);
  });

  test('that names a gene and a column shows the gene, and says that it does not show the column', async () => {
    const session = await openSession();
    await followLink(session, `gene=${HOSTILE[2]}&column=area`);
    expect(session.colouring.current.value.label).toBe(HOSTILE[2]);
    expect(session.missed.value?.message).toBe(
      'Parts of the link cannot be applied: the column of colours with “area” is not used: the link also names a gene.',
    );
    await followLink(session, 'gene=absent&column=area&x=1');
    expect(session.colouring.current.value.label).toBe('area');
    expect(session.missed.value?.message).toBe(
      'This data set lacks parts that the link names: the gene “absent”. ' +
        'Parts of the link cannot be applied: “x” is no part of a link.',
    );
    expect(session.missed.value?.advice).toMatch(
      /A link may have: gene, column, embedding, .*tooltip, markers, plot, image, shapes, beside, curtain\.$/,
    );
  });

  test('finds names in another case, and otherwise suggests', async () => {
    const session = await openSession();
    await followLink(session, 'gene=__PROTO__');
    expect(session.colouring.current.value.label).toBe(HOSTILE[1]);
    await followLink(session, 'column=AREA');
    expect(session.colouring.current.value.label).toBe('area');
    expect(session.missed.value).toBe(null);
    await followLink(session, 'gene=__prot&column=area');
    expect(session.missed.value?.message).toContain('the gene “__prot” (did you mean “__proto__”?)');
    await session.colourByGene('__Proto__');
    expect(session.colouring.current.value.label).toBe(HOSTILE[1]);
    await session.colourByColumn('Area');
    expect(session.colouring.current.value.label).toBe('area');
    await session.colourByColumn('are');
    expect(String(session.problem.value)).toMatch(/did you mean “area”\?$/);
  });

  test('that has one unknown category follows the others, and the next link takes back what was said', async () => {
    const session = await openSession();
    const unknown = encodeURIComponent('[["__proto__",["T","absent"]]]');
    await followLink(session, `gene=absent&hidden=${unknown}&scheme=magma`);
    expect(session.filters.hidden.value.size).toBe(1);
    expect(session.colouring.scheme.value).toBe('magma');
    expect(session.missed.value?.message).toMatch('the gene “absent”, the category “absent” of “__proto__”.');
    await followLink(session, 'scheme=magma');
    expect(session.missed.value).toBe(null);
  });

  test('names a few of many', async () => {
    const session = await openSession();
    const labels = Array.from({ length: 400 }, (_, at) => `absent ${at}`);
    await followLink(session, `hidden=${encodeURIComponent(JSON.stringify([['__proto__', labels]]))}`);
    expect(session.missed.value?.message).toMatch(/“absent 4” of “__proto__” and 395 more\.$/);
  });
});

describe('the camera', () => {
  test('fits all cells', () => {
    const camera = fitFlat({ minimum: [-10, -10], maximum: [90, 20] }, { width: 1056, height: 1170 }, 'down');
    expect(camera).toMatchObject({ x: 40, y: 5 });
    expect(2 ** camera.zoom * 100).toBeCloseTo(1000);
  });

  test.each([
    ['a wide window', { width: 1200, height: 700 }, 100, 60],
    ['a narrow one', { width: 390, height: 420 }, 100, 100],
    ['a high one', { width: 500, height: 900 }, 55, 100],
    ['a tiny one', { width: 120, height: 110 }, 10, 10],
  ])('leaves the buttons of %s free', (_, size, width, height) => {
    for (const yAxis of ['up', 'down'] as const) {
      const camera = fitFlat({ minimum: [0, 0], maximum: [width, height] }, size, yAxis);
      const scale = 2 ** camera.zoom;
      const right = size.width / 2 + (width - camera.x) * scale;
      const left = size.width / 2 - camera.x * scale;
      const below = yAxis === 'down' ? height - camera.y : camera.y;
      const bottom = size.height / 2 + below * scale;
      const top = bottom - height * scale;
      expect(Math.min(left, top)).toBeGreaterThan(0);
      if (size.height > 200) expect(top).toBeGreaterThan(46); // below the caption
      // A column of buttons of 36 pixels is 20 pixels from both edges, a row 10 pixels from the lower one; a tiny window
      // has no room for them.
      const isRow = size.width <= 520 || size.height <= 480;
      const isFree = isRow
        ? bottom < size.height - 46
        : right < size.width - 57 || bottom < size.height - 426;
      expect(isFree || size.width < 200).toBe(true);
      expect(Math.max((width * scale) / size.width, (height * scale) / size.height)).toBeGreaterThan(0.5);
    }
  });

  test('leaves room for the radius of spots', () => {
    const [size, spot] = [{ width: 1600, height: 700 }, 80];
    const bounds = { minimum: [0, 0], maximum: [1080, 300] };
    const { x, y, zoom } = fitFlat(bounds, size, 'down', { spot });
    const scale = 2 ** zoom;
    expect(size.width / 2 + (0 - spot / 2 - x) * scale).toBeGreaterThan(20);
    expect(size.width / 2 + (1080 + spot / 2 - x) * scale).toBeLessThan(size.width - 20);
    expect(size.height / 2 + (0 - spot / 2 - y) * scale).toBeGreaterThan(20);
    expect(size.height / 2 + (300 + spot / 2 - y) * scale).toBeLessThan(size.height - 20);
  });

  test('stands before a single cell', () => {
    const camera = fitFlat({ minimum: [-3, -3], maximum: [-3, -3] }, { width: 512, height: 512 }, 'down');
    expect(camera).toEqual({ x: -3, y: -3, zoom: 9 });
  });

  test('does not leave the range in which float32 is exact', async () => {
    const session = await openSession();
    await followLink(session, '');
    const fit = session.view.fit.value!.zoom;
    session.view.move({ x: 0, y: 0, zoom: 1000 });
    expect(session.view.camera.value!.zoom).toBe(fit + 18);
    session.view.move({ x: 0, y: 0, zoom: -1000 });
    expect(session.view.camera.value!.zoom).toBe(fit - 3);
  });
});

describe('cells in a link', () => {
  const cells = (...numbers: number[]) => Uint32Array.from(numbers);

  test('are short where they follow each other, and come back', () => {
    expect(textOfCells(cells())).toBe('');
    expect(textOfCells(cells(3, 4, 5, 9, 1000))).toBe('3-3.3.ri');
    for (const list of [cells(), cells(0), cells(0, 1, 2), cells(3, 4, 5, 9, 1000)])
      expect(cellsOfText(textOfCells(list)!, 1001)).toEqual(list);
    expect(textOfCells(Uint32Array.from({ length: 10_000_000 }, (_, at) => at))).toBe('0-5yc1s');
    expect(textOfCells(Uint32Array.from({ length: 2000 }, (_, at) => 2 * at))).toBe(null);
  });

  test.each(['3-3.3.ri', 'x y', '-', '0-0', '1..2', '99999999', '0-zzzzzzz', '__proto__'])(
    'that the bundle does not have are refused: %s',
    (text) => {
      expect(cellsOfText(text, 900)).toBe(null);
    },
  );

  test('are those of the selection and of small groups, which colour the cells again', async () => {
    const first = await openSession();
    await followLink(first, '');
    first.selection.set(cells(1, 2));
    first.groups.put({ name: 'a, "b"', color: '#123456', cells: cells(0, 4) });
    await first.chooseColour({ by: 'groups' }, 'My groups');
    const link = linkOf(first).value;
    const second = await openSession();
    second.groups.put({ name: 'own', color: '#654321', cells: cells(1) });
    await followLink(second, link);
    expect(second.missed.value).toBe(null);
    expect([...second.selection.cells.value]).toEqual([1, 2]);
    expect(second.groups.list.value.map(({ name, color, cells }) => [name, color, ...cells])).toEqual([
      ['own', '#654321', 1],
      ['a, "b"', '#123456', 0, 4],
    ]);
    expect(second.colouring.current.value.label).toBe('My groups');
    await followLink(second, '');
    expect(second.selection.count.value).toBe(0);
    expect(second.groups.list.value.length).toBe(2);
    await followLink(second, 'selected=99&groups=[["x","#123456","99"]]&by=groups');
    expect(second.missed.value?.message).toContain('the selected cells “99”');
    expect(second.missed.value?.message).toContain('cells of the group “x”');
    await followLink(second, 'groups=[["x","red",""]]');
    expect(second.missed.value?.message).toContain('the groups');
  });

  test('are left out if they are too many', async () => {
    const many = Uint32Array.from({ length: 2000 }, (_, at) => 2 * at);
    const session = await openSession();
    session.groups.put({ name: 'many', color: '#123456', cells: many });
    session.groups.put({ name: 'few', color: '#123456', cells: cells(1) });
    const { text, leftOut } = textOfGroups(session);
    expect(text).toBe('[["few","#123456","1"]]');
    expect(leftOut).toEqual(['many']);
  });
});
