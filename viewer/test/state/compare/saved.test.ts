import { expect, test } from 'vitest';
import { openBundle } from '../../../src/bundle/open';
import { followLink, linkOf } from '../../../src/state/link/link';
import { Misses } from '../../../src/state/link/misses';
import { comparePart } from '../../../src/state/link/saved/compare';
import { notInLink } from '../../../src/state/link/saved/file';
import { Session } from '../../../src/state/session';
import { streamBundle } from '../../stream_fixture';

const open = async () => new Session(await openBundle(streamBundle()));

test('a session file keeps what is to be compared', async () => {
  const session = await open();
  session.compare.sides.value = [
    { is: 'category', column: 0, code: 1 },
    { is: 'group', name: 'mine' },
  ];
  session.compare.genes.value = { of: 'typed', text: 'a, b' };
  session.compare.test.value = 't-test';
  session.drawer.open.value = 'compare';
  const saved: unknown = JSON.parse(JSON.stringify(await comparePart.save(session)));
  const other = await open();
  const misses = new Misses();
  await (
    await comparePart.read(other, saved, true)
  )(misses);
  for (const key of ['sides', 'genes', 'test', 'tieCorrect', 'look'] as const)
    expect(other.compare[key].value).toEqual(session.compare[key].value);
  expect(other.drawer.open.value).toBe('compare');
  // What the bundle does not have is named, and the rest is brought back.
  const lacking = JSON.parse(JSON.stringify(saved).replace('"__proto__"', '"gone"')) as unknown;
  await (
    await comparePart.read(await open(), lacking, true)
  )(misses);
  expect(misses.problem?.message).toContain('the compared column “gone”');
  expect(() => comparePart.read(other, { sides: [] }, true)).toThrow('damaged');
});

test('a link has the sides and the test, and the genes unless their names are too long', async () => {
  for (const text of ['a, b', 'gene, '.repeat(2_000)]) {
    const session = await open();
    const isLong = text.length > 10;
    session.compare.sides.value = [{ is: 'category', column: 0, code: 1 }, { is: 'rest' }];
    session.compare.genes.value = { of: 'typed', text };
    session.compare.test.value = 't-test';
    session.drawer.open.value = 'compare';
    expect(notInLink(session)).toEqual(isLong ? ['the names of the compared genes'] : []);
    const link = linkOf(session).value;
    expect(link.length).toBeLessThan(1_000);
    const other = await open();
    await followLink(other, link);
    expect(other.drawer.open.value).toBe('compare');
    expect(other.compare.sides.value).toEqual(session.compare.sides.value);
    expect(other.compare.test.value).toBe('t-test');
    expect(other.compare.genes.value).toEqual(isLong ? { of: 'all' } : { of: 'typed', text });
  }
});
