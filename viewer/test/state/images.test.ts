import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { isInView } from '../../src/scene/image';
import { MISSING } from '../../src/state/filters/mask';
import { Session } from '../../src/state/session';
import { streamBundle } from '../stream_fixture';

const PLACEMENT = { scale_x: 1, scale_y: 1, offset_x: 0, offset_y: 0 };
const ONE = { path: 'assets/image.png', width: 6, height: 5, placement: PLACEMENT };

interface Change {
  /** Categories of `__proto__` with an image: cells 0, 1, 2, 3, 4 are B, T, none, T, T. */
  readonly images?: readonly (string | null)[];
  readonly column?: string;
  readonly laidOutBy?: string;
  readonly change?: (atlas: Record<string, unknown>) => void;
}

/** Five cells, with an image under those of some categories. */
async function open({ images = [], column = '__proto__', laidOutBy, change }: Change): Promise<Session> {
  const files = streamBundle((atlas) => {
    if (images.length > 0)
      atlas.images = images.map((category, at) => ({
        ...ONE,
        path: `assets/image_${at}.png`,
        library: category ?? 'none',
        column,
        category,
        embedding: 0,
      }));
    const [first] = atlas.embeddings as Record<string, unknown>[];
    if (laidOutBy) first.arranged = { column: laidOutBy, groups: [{ category: 'B', shift: [0, 0] }] };
    change?.(atlas);
  });
  const session = new Session(await openBundle(files));
  session.view.size.value = { width: 800, height: 600 };
  await session.chooseEmbedding(0);
  await session.images.load();
  return session;
}

const shown = (session: Session) =>
  session.images.shown.value.map((each) => session.images.image(each).library);

describe('the image of all cells', () => {
  test('is shown whatever the filters are', async () => {
    const session = await open({ change: (atlas) => (atlas.image = ONE) });
    expect(session.images.shown.value).toEqual([0]);
    expect(session.images.areChosen.value).toBe(false);
    await session.hide(0, new Set([0, 1]));
    expect(session.images.shown.value).toEqual([0]);
  });

  test('is not shown where it is not known how it lies', async () => {
    const session = await open({ change: (atlas) => (atlas.image = { ...ONE, placement: undefined }) });
    expect(session.bundle.images).toHaveLength(1);
    expect(session.images.shown.value).toEqual([]);
  });
});

describe('images of sections that lie on top of each other', () => {
  test('are shown while only their own cells are', async () => {
    const session = await open({ images: ['B', 'T'] });
    expect(session.images.areChosen.value).toBe(true);
    expect(shown(session)).toEqual([]);
    await session.hide(0, session.images.othersOf(1));
    expect(session.filters.hidden.value.get(0)).toEqual(new Set([0, MISSING]));
    expect(shown(session)).toEqual(['T']);
    await session.hide(0, session.images.othersOf(0));
    expect(shown(session)).toEqual(['B']);
    await session.hide(0, new Set());
    expect(shown(session)).toEqual([]);
  });

  test('are shown as well where another column leaves only their cells, and not where none is left', async () => {
    const session = await open({ images: ['B', 'T'] });
    await session.hide(2, new Set([0, MISSING])); // primary: cells 1 and 3 are left
    expect(shown(session)).toEqual(['T']);
    await session.hide(2, new Set([0, 1, MISSING]));
    expect(session.filters.nShown.value).toBe(0);
    expect(shown(session)).toEqual([]);
  });

  test('may be those of the cells without a value', async () => {
    const session = await open({ images: [null] });
    expect(session.images.othersOf(0)).toEqual(new Set([0, 1]));
    await session.hide(0, session.images.othersOf(0));
    expect(shown(session)).toEqual(['none']);
  });

  test.each(['absent', 'area', 'barcode'])('are never shown where the column is %s', async (column) => {
    const session = await open({ images: ['B'], column });
    expect(shown(session)).toEqual([]);
  });
});

describe('images of sections that are laid out', () => {
  test('are shown with their cells', async () => {
    const session = await open({ images: ['B', 'T'], laidOutBy: '__proto__' });
    expect(session.images.areChosen.value).toBe(false);
    expect(shown(session)).toEqual(['B', 'T']);
    await session.hide(0, new Set([0]));
    expect(shown(session)).toEqual(['T']);
  });

  test('are shown where their column is not in the bundle', async () => {
    const session = await open({ images: ['1', '2'], column: 'section', laidOutBy: 'section' });
    expect(shown(session)).toEqual(['1', '2']);
  });

  test('lie under their own cells only if they are laid out by the same column', async () => {
    const session = await open({ images: ['B', 'T'], laidOutBy: 'section' });
    expect(shown(session)).toEqual([]);
  });
});

test('an image is that of one embedding', async () => {
  const session = await open({
    images: ['B'],
    laidOutBy: '__proto__',
    change: (atlas) => {
      const [first] = atlas.embeddings as Record<string, unknown>[];
      atlas.embeddings = [first, { ...first, key: 'X_umap' }];
    },
  });
  expect(shown(session)).toEqual(['B']);
  await session.chooseEmbedding(1);
  expect(shown(session)).toEqual([]);
});

test('the image of all cells may be that of another embedding than the first', async () => {
  const session = await open({
    change: (atlas) => {
      const [first] = atlas.embeddings as Record<string, unknown>[];
      atlas.embeddings = [{ ...first, key: 'X_umap' }, first];
      atlas.images = [{ ...ONE, library: 'a', column: null, category: null, embedding: 1 }];
    },
  });
  expect(session.bundle.images[0]).toMatchObject({ cells: null, embedding: 1, placement: PLACEMENT });
  expect(shown(session)).toEqual([]);
  await session.chooseEmbedding(1);
  expect(shown(session)).toEqual(['a']);
  expect(session.images.areChosen.value).toBe(false);
  await session.hide(0, new Set([0]));
  expect(shown(session)).toEqual(['a']);
});

test('an image of an embedding that is not there is a contradiction', async () => {
  const files = streamBundle((atlas) => {
    atlas.images = [{ ...ONE, library: 'a', column: '__proto__', category: 'B', embedding: 1 }];
  });
  await expect(openBundle(files)).rejects.toThrow('the image assets/image.png belongs to embedding 1');
});

test('the page has the notes of the bundle', async () => {
  const session = await open({ change: (atlas) => (atlas.notes = ['Sections lie on top of each other.']) });
  expect(session.bundle.notes).toEqual(['Sections lie on top of each other.']);
});

test('an image is in view where some of it is in the window', () => {
  // 200 x 100 pixels at zoom 1, around (100, 50).
  const visible = [50, 25, 150, 75] as const;
  expect(isInView([0, 100, 200, 0], [...visible])).toBe(true);
  expect(isInView([0, 60, 51, 40], [...visible])).toBe(true);
  expect(isInView([0, 60, 49, 40], [...visible])).toBe(false);
  expect(isInView([90, 20, 110, 10], [...visible])).toBe(false);
});
