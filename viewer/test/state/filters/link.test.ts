import { describe, expect, test } from 'vitest';
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

const between = (...entries: unknown[]) => `between=${encodeURIComponent(JSON.stringify(entries))}`;

describe('a link carries ranges', () => {
  test('to another session', async () => {
    const session = await opened();
    const { bundle } = session;
    const column = bundle.columns.findIndex(({ kind }) => kind === 'number');
    const { names } = await bundle.genes();
    await session.filter({ kind: 'number', column, low: 1.5, high: null, withMissing: true, isOn: true });
    await session.filter({
      kind: 'gene',
      gene: 1,
      name: names[1],
      low: 0.1,
      high: 2,
      withMissing: false,
      isOn: true,
    });
    const other = await opened(linkOf(session).value);
    expect(other.filters.all.value).toEqual(session.filters.all.value);
    expect(other.filters.nShown.value).toBe(session.filters.nShown.value);
    expect(other.missed.value).toBe(null);
    await followLink(other, '');
    expect(other.filters.all.value).toEqual([]);
  });

  test('but not filters that are off', async () => {
    const session = await opened();
    const column = session.bundle.columns.findIndex(({ kind }) => kind === 'number');
    await session.filter({ kind: 'number', column, low: 1, high: null, withMissing: false, isOn: false });
    await session.hide(0, new Set([1]));
    await session.filter({ ...session.filters.all.value[1], isOn: false });
    expect(linkOf(session).value).not.toMatch(/between|hidden/);
  });

  test.each([
    ['between=x', 'the filter “x”'],
    [between(['gene', 'absent', 1, null]), 'the filtered gene “absent”'],
    [between(['column', 'absent', 1, null]), 'the filtered column of numbers “absent”'],
    [between(['column', '__proto__', 1, null]), 'the filtered column of numbers “__proto__”'],
    [between(['obs', 'score', 1, null]), 'the filter “[["obs"'],
    [between(['gene', 'absent', '1', null]), 'the filter “[["gene"'],
  ])('and says what it cannot apply: %s', async (link, what) => {
    const session = await opened(link);
    expect(session.missed.value?.message).toContain(what);
    expect(session.filters.all.value).toEqual([]);
  });
});
