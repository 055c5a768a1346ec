import { expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { followLink, linkOf } from '../../src/state/link/link';
import { loadSession, notInLink, readSession, writeSession } from '../../src/state/link/saved/file';
import { compare } from '../../src/state/link/saved/identity';
import { pictureLegend } from '../../src/state/picture/legend';
import { Session } from '../../src/state/session';
import { labelsOf } from '../../src/state/texts/cell_value';
import { streamBundle } from '../stream_fixture';

async function openSession(link = ''): Promise<Session> {
  const session = new Session(await openBundle(streamBundle()));
  session.view.size.value = { width: 800, height: 600 };
  await followLink(session, link);
  session.history.begin();
  return session;
}

test('colours of numbers come back from a link, and by undo', async () => {
  const session = await openSession();
  const { colouring, history } = session;
  await session.chooseColour({ by: 'gene', index: 1 }, '');
  expect(colouring.middle.value).toBe(null);
  colouring.scheme.value = 'RdBu';
  // From 0 to 4.
  expect(colouring.middle.value).toBe(2);
  colouring.isReversed.value = true;
  colouring.scale.value = 'sqrt';
  expect(colouring.middle.value).toBe(1);
  colouring.chosenMiddle.value = 4;
  colouring.setRange([1, colouring.range.value[1]]);
  expect(colouring.range.value).toEqual([1, 9]);
  colouring.namesZeros.value = true;
  const link = linkOf(session).value;

  const other = await openSession(link);
  expect(linkOf(other).value).toBe(link);
  expect(other.missed.value).toBe(null);
  expect(other.colouring.range.value).toEqual([1, 9]);
  expect(other.colouring.zeroName.value).toBe('not detected');
  expect(other.colouring.colors.value).toEqual(colouring.colors.value);
  const zero = other.colouring.current.value.paint;
  const cell = zero.kind === 'number' ? zero.values.indexOf(0) : -1;
  expect(other.details.of(cell).rows[0].text).toBe('not detected');
  expect(pictureLegend(other)).toMatchObject({
    title: expect.stringContaining('(square root scale)') as string,
    bar: { middle: '4' },
    rows: [{ text: 'not detected', swatch: 'zero' }],
  });

  while ((await history.undo()) !== null);
  expect(colouring.scale.value).toBe('linear');
  while ((await history.redo()) !== null);
  expect(linkOf(session).value).toBe(link);
});

test('a range is symmetric only while the colours have a middle', async () => {
  const { colouring } = await openSession('gene=__proto__&range=1,3&scheme=PuOr&middle=0');
  expect(colouring.current.value.paint.kind).toBe('number');
  expect(colouring.range.value).toEqual([-3, 3]);
  colouring.scheme.value = 'viridis';
  expect(colouring.range.value).toEqual([1, 3]);
});

test('changes of a legend come back from a link, a session file, and by undo', async () => {
  const session = await openSession();
  const { categories, history, bundle } = session;
  const [first] = labelsOf(bundle.columns[0]);
  categories.rename(0, first, 'Renamed');
  categories.recolour(0, first, '#123456');
  categories.change(0, { palette: 'tab10', sort: 'size' });
  const link = linkOf(session).value;
  const other = await openSession(link);
  expect(other.missed.value).toBe(null);
  expect(other.categories.edits.value).toEqual(categories.edits.value);
  expect(other.colouring.labels.value[0]).toBe('Renamed');
  expect(pictureLegend(other)?.rows).toContainEqual({ text: 'Renamed', swatch: { color: '#123456' } });

  while ((await history.undo()) !== null);
  expect(categories.edits.value.size).toBe(0);
  await history.redo();
  expect(categories.namesOf(0)[0]).toBe('Renamed');
  await history.redo();
  expect(session.colouring.colors.value[0]).toBe('#123456');
  // What a link does not name is as it was at first.
  await followLink(session, '');
  expect(categories.edits.value.size).toBe(0);
});

test('a session file keeps what a link has no room for', async () => {
  const session = await openSession();
  const [first, second] = labelsOf(session.bundle.columns[0]);
  session.categories.change(0, {
    names: new Map([first, second].map((label) => [label, 'x'.repeat(200)])),
    order: Array.from({ length: 900 }, (_, at) => `category ${at}`),
  });
  expect(notInLink(session)).toEqual([`names and colours of “${session.bundle.columns[0].name}”`]);
  expect(linkOf(session).value).not.toContain('legend');
  const file = readSession(await writeSession(session));
  const other = await openSession();
  await loadSession(other, file, await compare(other, file.bundle));
  expect(other.categories.edits.value).toEqual(session.categories.edits.value);
});

test('a link that names no category of the column says so', async () => {
  const legend = JSON.stringify([{ column: '__proto__', colors: [['nobody', '#112233']] }]);
  const session = await openSession(`legend=${encodeURIComponent(legend)}`);
  expect(session.missed.value?.message).toContain('the category “nobody” of “__proto__”');
  const damaged = JSON.stringify([{ column: '__proto__', colors: [['B', 'url(x)']] }]);
  await followLink(session, `legend=${encodeURIComponent(damaged)}`);
  expect(session.missed.value?.message).toContain('the names and colours of categories');
  expect(session.categories.edits.value.size).toBe(0);
});
