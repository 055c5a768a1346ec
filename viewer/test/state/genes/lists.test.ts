import { describe, expect, test } from 'vitest';
import { openBundle } from '../../../src/bundle/open';
import { GeneLists } from '../../../src/state/genes/gene_lists';
import { followLink, linkOf } from '../../../src/state/link/link';
import { readGenes } from '../../../src/state/markers/gene_list';
import { Session } from '../../../src/state/session';
import { HOSTILE, streamBundle } from '../../stream_fixture';

const TABLE = {
  names: ['CD3D', 'CD3E', 'MS4A1', 'H2-K1', 'HLA-DRB3/4'],
  ids: ['E1', 'E2', 'E3', 'E4', 'E5'],
};

describe('a pasted list', () => {
  test.each([
    ['CD3D CD3E MS4A1', [0, 1, 2]],
    ['c("CD3D", "CD3E")', [0, 1]],
    ['genes <- c("CD3D","CD3E")', [0, 1]],
    ["markers = ['CD3D', 'E3']", [0, 2]],
    ['{"CD3D"; "CD3E"}', [0, 1]],
    ['CD3D|CD3E/MS4A1', [0, 1, 2]],
    ['cd3e\r\n\r\nh2-k1\tHLA-DRB3/4', [1, 3, 4]],
    ['“CD3D” ‘CD3E’', [0, 1]],
  ])('%j is read', (text, genes) => {
    expect(readGenes(text, TABLE)).toEqual({ genes, unknown: [], repeated: [] });
  });

  test('says what is unknown and what is there twice, also under another name', () => {
    expect(readGenes('CD3D, CD3X, E1, CD3E, cd3e, CD3X', TABLE)).toEqual({
      genes: [0, 1],
      unknown: ['CD3X'],
      repeated: ['E1', 'cd3e'],
    });
  });
});

test('names of lists are unique, also among the sets of the bundle', () => {
  const lists = new GeneLists();
  lists.put({ name: 'T', genes: [1] });
  lists.put({ name: 'B', genes: [2] });
  expect(lists.whyNot(' T ')).toMatch('There is a gene list “T”');
  expect(lists.whyNot('T', 'T')).toBe(null);
  expect(lists.whyNot(' ')).toMatch('must have a name');
  lists.put({ name: 'T cells', genes: [1, 3] }, 'T');
  expect(lists.list.value.map(({ name }) => name)).toEqual(['T cells', 'B']);
  lists.remove('B');
  expect(lists.freeName()).toBe('List 2');
});

test('recent genes are the last twelve, the latest first', () => {
  const lists = new GeneLists();
  for (let gene = 0; gene < 14; gene++) lists.note([gene]);
  lists.note([5]);
  expect(lists.recent.value).toEqual([5, 13, 12, 11, 10, 9, 8, 7, 6, 4, 3, 2]);
});

async function openSession(): Promise<Session> {
  const session = new Session(await openBundle(streamBundle()));
  session.view.size.value = { width: 800, height: 600 };
  return session;
}

describe('a link', () => {
  test('holds the lists, and the list that colours the cells', async () => {
    const session = await openSession();
    await followLink(session, '');
    await session.loadGenes();
    session.geneLists.put({ name: 'my "list"', genes: [3, 0] });
    session.geneLists.chosen.value = 'my "list"';
    await session.chooseColour({ by: 'list', name: 'my "list"', genes: [3, 0], method: 'zscore' }, '');
    const link = linkOf(session).value;
    expect(new URLSearchParams(link).get('list')).toBe('["my \\"list\\"","zscore"]');
    const other = await openSession();
    await followLink(other, link);
    expect(linkOf(other).value).toBe(link);
    expect(other.missed.value).toBe(null);
    expect(other.colouring.current.value.label).toBe('my "list" (mean z-score of 2 genes)');
    // A list that is deleted still colours the cells.
    session.geneLists.remove('my "list"');
    session.geneLists.chosen.value = null;
    const whole = linkOf(session).value;
    expect(new URLSearchParams(whole).get('list')).toBe(
      JSON.stringify(['my "list"', 'zscore', [HOSTILE[3], HOSTILE[0]]]),
    );
    const third = await openSession();
    await followLink(third, whole);
    expect(third.geneLists.list.value).toEqual([]);
    expect(linkOf(third).value).toBe(whole);
  });

  test('holds a blend and its ranges', async () => {
    const session = await openSession();
    await followLink(session, '');
    await session.chooseColour({ by: 'blend', genes: [2, 1] }, '');
    session.colouring.chosenBlend.value = [null, [0.5, 2]];
    const link = linkOf(session).value;
    const other = await openSession();
    await followLink(other, link);
    expect(linkOf(other).value).toBe(link);
    expect(other.colouring.blendRanges.value).toEqual([
      [0, 4],
      [0.5, 2],
    ]);
  });

  test.each([
    ['blend=["absent","__proto__"]', 'the gene “absent”'],
    ['blend=["__proto__"]', 'the blended genes “["__proto__"]”'],
    ['list=["absent","mean"]', 'the gene list of colours “absent”'],
    ['list=["x","median"]', 'the gene list of colours “["x","median"]”'],
    ['lists=[["x",["absent"]]]', 'the gene “absent”'],
    ['genelist=absent', 'the gene list “absent”'],
  ])('that asks for %j opens the rest and says so', async (link, named) => {
    const session = await openSession();
    await followLink(session, link);
    expect(session.colouring.current.value.label).toBe('__proto__');
    expect(session.missed.value?.message).toBe(`This data set lacks parts that the link names: ${named}.`);
  });
});

test('lists, blends and their ranges are undone', async () => {
  const session = await openSession();
  await followLink(session, '');
  session.history.begin();
  session.geneLists.put({ name: 'A', genes: [1, 2] });
  await session.chooseColour({ by: 'blend', genes: [1, 2] }, '');
  session.colouring.chosenBlend.value = [[1, 2], null];
  expect(await session.history.undo()).toBe('the range of colours');
  expect(session.colouring.chosenBlend.value).toEqual([]);
  expect(await session.history.redo()).toBe('the range of colours');
  expect(session.colouring.blendRanges.value[0]).toEqual([1, 2]);
  await session.history.undo();
  await session.history.undo();
  expect(session.colouring.current.value.by).toEqual({ by: 'column', index: 0 });
  await session.history.undo();
  expect(session.geneLists.list.value).toEqual([]);
});
