import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { paintColumn, type CategoryPaint } from '../../src/state/colouring/paint';
import { countShown } from '../../src/state/lists/shown_counts';
import { followLink, linkOf } from '../../src/state/link/link';
import { Session } from '../../src/state/session';
import { MISSING } from '../../src/state/filters/mask';
import { HOSTILE, streamBundle } from '../stream_fixture';

async function opened(link = '', files = streamBundle()): Promise<Session> {
  const session = new Session(await openBundle(files));
  session.view.size.value = { width: 800, height: 600 };
  await followLink(session, link);
  return session;
}

async function categories(session: Session, column: number): Promise<CategoryPaint> {
  const paint = paintColumn(session.bundle.columns[column], await session.bundle.column(column));
  if (paint.kind !== 'category') throw new Error('no categories');
  return paint;
}

/** Columns of the fixture: categories B T - T T, and bools false true - true false. */
const [KIND, PRIMARY] = [0, 2];

describe('the counts of a legend', () => {
  test('are of the cells that the filters of other columns show', async () => {
    const session = await opened();
    const paint = await categories(session, KIND);
    const counted = () => {
      const { counts, nMissing } = countShown(paint, session.filters.maskBeside(KIND));
      return [...counts, nMissing];
    };
    expect(counted()).toEqual([1, 3, 1]);
    await session.hide(PRIMARY, new Set([1]));
    expect(counted()).toEqual([1, 1, 1]);
    // What is off in the column itself says how many cells it would add.
    await session.hide(KIND, new Set([0, MISSING]));
    expect(counted()).toEqual([1, 1, 1]);
    expect(session.filters.nShown.value).toBe(1);
    await session.hide(PRIMARY, new Set([0, MISSING]));
    expect(counted()).toEqual([0, 2, 0]);
  });

  test('are those of all cells where nothing else is filtered', async () => {
    const session = await opened();
    await session.hide(KIND, new Set([0]));
    expect(session.filters.maskBeside(KIND)).toBe(null);
    expect(session.filters.maskBeside(PRIMARY)).toBe(session.filters.mask.value);
  });
});

describe('names of categories', () => {
  test('stay while a gene is coloured', async () => {
    const session = await opened('labels=1');
    expect(session.names.named.value).toMatchObject({ column: KIND });
    await session.chooseColour({ by: 'gene', index: 0 }, '');
    expect(session.names.named.value).toMatchObject({ column: KIND });
    await session.chooseColour({ by: 'column', index: PRIMARY }, '');
    expect(session.names.named.value).toMatchObject({
      column: PRIMARY,
      paint: { labels: ['false', 'true'] },
    });
    session.names.on.value = false;
    expect(session.names.named.value).toBe(null);
  });

  test('may be those of another column than the colours', async () => {
    const session = await opened('labels=1');
    await session.nameCategories(PRIMARY);
    expect(session.names.named.value).toMatchObject({ column: PRIMARY });
    await session.chooseColour({ by: 'column', index: 1 }, 'area');
    expect(session.names.named.value).toMatchObject({ column: PRIMARY });
    await session.nameCategories(null);
    expect(session.names.named.value).toMatchObject({ column: KIND });
  });

  test('that cannot be loaded are said, and what was chosen stays', async () => {
    const files = streamBundle();
    files.files.delete('a/bool_0.bin.gz');
    const session = await opened('labels=1', files);
    await session.nameCategories(PRIMARY);
    expect(session.problem.value).toMatchObject({ path: 'a/bool_0.bin.gz' });
    expect(session.names.named.value).toMatchObject({ column: KIND });
  });

  test.each<[string, (session: Session) => Promise<void>]>([
    ['labels=1', () => Promise.resolve()],
    ['names=primary', (session) => session.nameCategories(PRIMARY)],
    // A link that says what the colours are of would name nothing with a gene.
    ['names=__proto__', (session) => session.chooseColour({ by: 'gene', index: 2 }, HOSTILE[2])],
  ])('are in a link as %s', async (said, change) => {
    const session = await opened('labels=1');
    await change(session);
    const link = linkOf(session).value;
    expect(link).toContain(said);
    const other = await opened(link);
    expect(linkOf(other).value).toBe(link);
    expect(other.names.named.value?.column).toBe(session.names.named.value?.column);
  });

  test.each(['names=area', 'names=barcode', 'names=absent'])(
    'of a link that says %s are missed',
    async (link) => {
      const session = await opened(link);
      expect(session.names.on.value).toBe(false);
      expect(session.missed.value?.message).toContain('the named column');
    },
  );
});
