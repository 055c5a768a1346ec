import { describe, expect, test } from 'vitest';
import type { Bundle } from '../../../src/bundle/bundle';
import { openBundle } from '../../../src/bundle/open';
import { ShownTranscripts } from '../../../src/state/drawing/transcripts';
import { followLink, linkOf } from '../../../src/state/link/link';
import { notInLink } from '../../../src/state/link/saved/file';
import type { Ring } from '../../../src/state/selection/regions/region';
import { Session } from '../../../src/state/session';
import { sectionsBundle } from '../../sections_fixture';

async function opened(link = ''): Promise<Session> {
  const bundle = await openBundle(sectionsBundle());
  const shapes = ['cells', 'nuclei'].map((name) => ({ name, embedding: 0, areCells: true }));
  const session = new Session({ ...bundle, tissue: { ...bundle.tissue, shapes } } as unknown as Bundle);
  await followLink(session, link);
  return session;
}

function outlined(name: string, ring: Ring) {
  const region = { embedding: 0, section: 0, polygons: [[ring]] };
  return { name, color: '#123456', cells: Uint32Array.of(0, 1), region };
}

describe('a link', () => {
  test.each([
    [null, 0.55, true],
    [1, 0.2, false],
    [0, 0.55, true],
  ])('has the boundaries %s', async (shown, opacity, hasOutlines) => {
    const session = await opened();
    const { shapes } = session.appearance;
    [shapes.shown.value, shapes.opacity.value, shapes.hasOutlines.value] = [shown, opacity, hasOutlines];
    const link = linkOf(session).value;
    expect(link.includes('shapes=')).toBe(shown !== 0);
    const again = await opened(link);
    const { shapes: same } = again.appearance;
    expect([same.shown.value, same.opacity.value, same.hasOutlines.value]).toEqual([
      shown,
      opacity,
      hasOutlines,
    ]);
    expect(again.missed.value).toBe(null);
    await followLink(again, '');
    expect(same.shown.value).toBe(0);
  });

  test.each(['shapes={"set":"spots"}', 'shapes=nothing', 'shapes={"opacity":2}'])(
    'says what of %s is not there',
    async (link) => {
      const session = await opened(link);
      expect(session.missed.value?.message).toContain('the shapes');
      expect(session.appearance.shapes.shown.value).toBe(0);
    },
  );

  test('has the outlines of regions, as many as fit', async () => {
    const session = await opened();
    const square: Ring = [
      [1000, 2000],
      [1000.123456789, 2000],
      [1000, 2001],
    ];
    const long: Ring = Array.from({ length: 400 }, (_, at) => [1000 + at / 7, 2000 + at / 3]);
    session.groups.put(outlined('long', long), outlined('small', square));
    expect(notInLink(session)).toEqual(['the outline of “long”']);
    const link = linkOf(session).value;
    const again = await opened(link);
    expect(again.missed.value).toBe(null);
    expect(linkOf(again).value).toBe(link);
    const [first, second] = again.groups.list.value;
    expect([first.name, first.region]).toEqual(['long', undefined]);
    expect(second.region).toEqual({
      embedding: 0,
      section: 0,
      polygons: [[square.map(([x, y]) => [Number(x.toPrecision(7)), y])]],
    });
  });

  test.each(['{"embedding":"X_umap","polygons":[]}', '"around"'])(
    'says that it lacks the outline %s',
    async (outline) => {
      const session = await opened(`groups=[["a","%23123456","0",${outline}]]`);
      expect(session.missed.value?.message).toContain('the outline of “a”');
      expect(session.groups.list.value.map(({ name }) => name)).toEqual(['a']);
    },
  );
});

test('of several plots with transcripts, the one with most to say is heard', async () => {
  const transcripts = new ShownTranscripts((await opened()).bundle);
  const [stage, panel] = [{}, {}];
  expect(transcripts.extent.value).toBe('none');
  transcripts.tell(stage, 'elsewhere');
  expect(transcripts.extent.value).toBe('elsewhere');
  transcripts.tell(panel, 'sample');
  transcripts.tell(stage, 'all');
  expect(transcripts.extent.value).toBe('sample');
  transcripts.tell(panel, null);
  expect(transcripts.extent.value).toBe('all');
});
