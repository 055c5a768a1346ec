import { expect, test } from 'vitest';
import { openBundle } from '../../../src/bundle/open';
import { followLink, linkOf } from '../../../src/state/link/link';
import { Session } from '../../../src/state/session';
import { streamBundle } from '../../stream_fixture';

async function opened(link = ''): Promise<Session> {
  const session = new Session(await openBundle(streamBundle()));
  session.view.size.value = { width: 800, height: 600 };
  await followLink(session, link);
  return session;
}

const mine = { name: 'mine', color: '#112233', cells: Uint32Array.of(1, 3) };
const onlyMine = { kind: 'cells', name: 'mine', cells: mine.cells, isInside: true, isOn: true } as const;
const shown = ({ filters }: Session) => [...filters.shownCells()];

test('a filter by a group follows its cells and its name', async () => {
  const session = await opened();
  session.groups.put(mine);
  await session.filter(onlyMine);
  expect(shown(session)).toEqual([1, 3]);
  session.groups.change('mine', { cells: Uint32Array.of(2) });
  expect(shown(session)).toEqual([2]);
  session.groups.change('mine', { name: 'ours' });
  expect(session.filters.all.value).toMatchObject([{ name: 'ours' }]);
  session.groups.change('ours', { color: '#445566' });
  expect(session.filters.all.value).toHaveLength(1);
  session.groups.remove('ours');
  expect(shown(session)).toEqual([2]);
});

test('a link carries filters by groups that it holds', async () => {
  const session = await opened();
  session.groups.put(mine, { ...mine, name: 'others', cells: Uint32Array.of(3) });
  await session.filter(onlyMine);
  await session.filter({ ...onlyMine, name: 'others', cells: Uint32Array.of(3), isInside: false });
  const other = await opened(linkOf(session).value);
  expect(other.missed.value).toBe(null);
  expect(shown(other)).toEqual([1]);
  expect(other.filters.all.value).toEqual(session.filters.all.value);
  const lacking = await opened(`within=${encodeURIComponent('["absent"]')}&without=x`);
  expect(lacking.missed.value?.message).toContain('the filtered group “absent”');
  expect(lacking.missed.value?.message).toContain('the filter “x”');
});

test('one undo takes back the name of a group and of its filter', async () => {
  const session = await opened();
  session.groups.put(mine);
  await session.filter(onlyMine);
  session.history.begin();
  session.groups.change('mine', { name: 'ours' });
  await session.history.undo();
  expect(session.groups.list.value).toMatchObject([{ name: 'mine' }]);
  expect(session.filters.all.value).toMatchObject([{ name: 'mine' }]);
  expect(session.history.undoes.value).toBe(null);
});
