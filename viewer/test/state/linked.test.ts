import { describe, expect, test } from 'vitest';
import type { Bundle, EmbeddingInfo } from '../../src/bundle/bundle';
import { openBundle } from '../../src/bundle/open';
import { fitOf } from '../../src/scene/points/motion';
import { followLink, linkOf } from '../../src/state/link/link';
import { VIEW_IDS } from '../../src/state/plots/drawer';
import { isAvailable } from '../../src/state/plots/views';
import { Session } from '../../src/state/session';
import { canLink } from '../../src/state/view/linked/cameras';
import { besideOf, contentName, contentsOf } from '../../src/state/view/linked/content';
import { MOST_PANELS } from '../../src/state/view/linked/linked_panels';
import { sectionsBundle } from '../sections_fixture';
import { statisticsBundle } from '../statistics_fixture';
import { streamBundle } from '../stream_fixture';

const SIZE = { width: 600, height: 400 };

function info(key: string, yAxis: 'up' | 'down'): EmbeddingInfo {
  const corner = (value: number) => [value, value];
  return {
    ...{ key, label: key, source: `obsm:${key}`, dims: 2, yAxis },
    ...{ origin: corner(0), minimum: corner(0), maximum: corner(99) },
  };
}

/** 100 cells on a diagonal; in the second embedding the same, ten times as large; in the third, backwards. */
function diagonal(): Bundle {
  const places = (of: (cell: number) => number) =>
    Float32Array.from({ length: 200 }, (_, at) => of(Math.floor(at / 2)));
  const all = [places((cell) => cell), places((cell) => 10 * cell), places((cell) => 99 - cell)];
  const larger = { ...info('X_umap', 'up'), maximum: [990, 990] };
  return {
    ...{ format: '', where: '', name: '', nCells: 100, nGenes: 0, columns: [], graph: null, vectors: [] },
    embeddings: [info('spatial', 'down'), larger, info('X_tsne', 'up')],
    ...{ images: [], isOrdered: true, previewPath: null, notes: [] },
    genes: () => Promise.resolve({ names: [] }),
    coordinates: (embedding: number) => Promise.resolve(all[embedding]),
  } as unknown as Bundle;
}

async function opened(link = '', bundle = diagonal()): Promise<Session> {
  const session = new Session(bundle);
  session.view.size.value = SIZE;
  await followLink(session, link);
  return session;
}

async function withSections(link = ''): Promise<Session> {
  return opened(link, await openBundle(sectionsBundle()));
}

describe('panels', () => {
  test('show the other kind of embedding first', () => {
    const bundle = diagonal();
    expect([0, 1, 2].map((shown) => besideOf(bundle, shown))).toEqual([1, 0, 0]);
    const plain = { ...bundle, embeddings: bundle.embeddings.slice(1) };
    expect([0, 1].map((shown) => besideOf(plain, shown))).toEqual([1, 0]);
    expect(besideOf({ ...bundle, embeddings: bundle.embeddings.slice(0, 1) }, 0)).toBe(null);
  });

  test('show another section where there is no other embedding', async () => {
    const bundle = await openBundle(
      sectionsBundle((atlas) => {
        (atlas.embeddings as unknown[]).splice(1);
        delete atlas.vectors;
      }),
    );
    expect(bundle.embeddings.length).toBe(1);
    const { panels, tissue } = await opened('', bundle);
    const { sections } = tissue;
    expect(sections.mode.value).toBe('grid');
    expect(panels.beside).toEqual({ kind: 'section', section: 0 });
    for (const [large, beside] of [
      [0, 1],
      [1, 0],
    ]) {
      sections.open(large);
      expect(panels.beside).toEqual({ kind: 'section', section: beside });
    }
    sections.showGrid();
    expect(panels.beside).toEqual({ kind: 'section', section: 1 });
    // With one section there is nothing else.
    sections.search.value = 's1';
    sections.open(0);
    expect(panels.beside).toBe(null);
  });

  test('are three at most, and share what they do not own', async () => {
    const { panels, view, ...session } = await opened();
    for (let at = 0; at <= MOST_PANELS; at++) panels.open({ kind: 'embedding', embedding: at % 3 });
    expect(panels.list.value.map(({ number }) => number)).toEqual([1, 2, 3]);
    const [first, second] = panels.list.value;
    await Promise.all([first.ready, second.ready]);
    expect(first.view.embedding.value).toBe(view.embedding.value);
    expect(second.view.embedding.value?.index).toBe(1);
    expect(second.scene.colouring).toBe(session.colouring);
    expect(second.scene.selection).toBe(session.selection);
    panels.close(first);
    expect(panels.open({ kind: 'embedding', embedding: 0 })?.number).toBe(1);
  });

  test('of a section draw its cells only, also through a filter', async () => {
    const session = await withSections();
    const { bundle, panels } = session;
    expect(contentsOf(bundle).map((each) => contentName(bundle, each))).toEqual(['Spatial', 's1', 's2']);
    const panel = panels.open({ kind: 'section', section: 1 })!;
    await panel.ready;
    const { filters } = panel.scene;
    expect([...filters.mask.value!]).toEqual([0, 0, 0, 255, 0]);
    expect(filters.nShown.value).toBe(1);
    expect([panel.holds(3), panel.holds(0)]).toEqual([true, false]);
    await session.hide(0, new Set([0]));
    expect([...filters.mask.value!]).toEqual([0, 0, 0, session.filters.mask.value![3], 0]);
    expect(panel.view.placed.value).toMatchObject({ start: 3, end: 4 });
    await panel.show({ kind: 'embedding', embedding: 0 });
    expect(filters.mask.value).toBe(session.filters.mask.value);
    expect(panel.view.placed.value).toBe(null);
  });
});

describe('cameras', () => {
  const camera = { x: 20, y: 30, zoom: 4 };

  test('of one embedding move together, unless the link is off', async () => {
    const { panels, view } = await opened();
    const [same, other] = [0, 1].map((embedding) => panels.open({ kind: 'embedding', embedding })!);
    await Promise.all([same.ready, other.ready]);
    for (const panel of [same, other]) panel.view.size.value = SIZE;
    expect([same, other].map((each) => canLink(view, panels.list.value, each))).toEqual([true, false]);
    view.move(camera);
    expect(same.view.camera.value).toEqual(camera);
    expect(other.view.moved.value).toBe(null);
    same.view.move({ ...camera, zoom: 5 });
    expect(view.camera.value).toEqual({ ...camera, zoom: 5 });
    same.isLinked.value = false;
    view.reset();
    expect(same.view.camera.value).toEqual({ ...camera, zoom: 5 });
    same.isLinked.value = true;
    expect(same.view.moved.value).toBe(null);
  });

  test('of sections move alike, each about its own middle', async () => {
    const { panels } = await withSections();
    const [one, other] = [0, 1].map((section) => panels.open({ kind: 'section', section })!);
    await Promise.all([one.ready, other.ready]);
    for (const panel of [one, other]) panel.view.size.value = SIZE;
    const fit = one.view.fit.value!;
    one.view.move({ x: fit.x + 0.25, y: fit.y, zoom: fit.zoom + 1 });
    const to = other.view.fit.value!;
    expect(other.view.camera.value).toEqual({ x: to.x + 0.25, y: to.y, zoom: fit.zoom + 1 });
  });
});

describe('plots in panels', () => {
  test('are in one place: a panel, or the drawer', async () => {
    const { panels, drawer } = await opened('', await openBundle(streamBundle()));
    drawer.open.value = 'violin';
    const first = panels.open({ kind: 'plot', view: 'violin' })!;
    expect([drawer.open.value, first.plot]).toEqual([null, 'violin']);
    expect(panels.open({ kind: 'plot', view: 'violin' })).toBe(null);
    drawer.open.value = 'histogram';
    expect(panels.list.value).toEqual([first]);
    await panels.show(first, { kind: 'plot', view: 'histogram' });
    expect([drawer.open.value, panels.panelOf('histogram')]).toEqual([null, first]);
    drawer.open.value = 'histogram';
    expect(panels.list.value).toEqual([]);
  });

  test('have no camera that others follow', async () => {
    const { panels, view } = await opened();
    const panel = panels.open({ kind: 'embedding', embedding: 0 })!;
    await panel.ready;
    expect(canLink(view, panels.list.value, panel)).toBe(true);
    await panels.show(panel, { kind: 'plot', view: 'composition' });
    expect(canLink(view, panels.list.value, panel)).toBe(false);
    const camera = panel.view.moved.value;
    view.move({ x: 1, y: 2, zoom: 3 });
    expect(panel.view.moved.value).toBe(camera);
  });

  test('come back from a link with their choices, beside those of the drawer', async () => {
    const session = await opened('', await openBundle(statisticsBundle()));
    const { panels, plots, markers, drawer } = session;
    plots.violin.chosen.value = { by: 'gene', index: 1, name: (await session.bundle.genes()).names[1] };
    plots.violin.hasPoints.value = true;
    markers.choose(0, 1);
    panels.open({ kind: 'plot', view: 'violin' });
    panels.open({ kind: 'plot', view: 'table' });
    panels.open({ kind: 'plot', view: 'compare' });
    drawer.open.value = 'scatter';
    const link = linkOf(session).value;
    const again = await opened(link, await openBundle(statisticsBundle()));
    expect(again.missed.value).toBe(null);
    expect(linkOf(again).value).toBe(link);
    expect(again.panels.list.value.map(({ plot }) => plot)).toEqual(['violin', 'table', 'compare']);
    expect(again.plots.violin.hasPoints.value).toBe(true);
    expect(again.markers.chosen.value).toEqual({ grouping: 0, group: 1 });
    expect(again.drawer.open.value).toBe('scatter');
  });

  test('that the bundle cannot draw are no choice', async () => {
    const session = await opened();
    expect(VIEW_IDS.filter((view) => isAvailable(session, view))).toEqual([]);
    const all = await opened('', await openBundle(statisticsBundle()));
    const views = VIEW_IDS.filter((view) => isAvailable(all, view));
    expect(views).toContain('table');
    expect(views).not.toContain('neighbours');
  });
});

describe('a link', () => {
  test('opens the same panels and the same curtain', async () => {
    const session = await withSections();
    const { panels, curtain } = session;
    panels.open({ kind: 'embedding', embedding: 0 });
    const section = panels.open({ kind: 'section', section: 1 })!;
    await section.ready;
    section.view.size.value = SIZE;
    section.isLinked.value = false;
    section.view.move({ x: 0.5, y: 0.25, zoom: 9 });
    panels.resize(0.625);
    await session.chooseCurtain({ by: 'column', index: 1 }, 'area');
    curtain.move(0.25);
    const link = linkOf(session).value;
    const again = await withSections(link);
    expect(linkOf(again).value).toBe(link);
    expect(again.missed.value).toBe(null);
    expect(again.panels.list.value.map(({ content }) => content.value)).toEqual([
      { kind: 'embedding', embedding: 0 },
      { kind: 'section', section: 1 },
    ]);
    expect([again.curtain.at.value, again.curtain.isDrawn.value]).toEqual([0.25, true]);
    await followLink(again, '');
    expect([again.panels.list.value.length, again.curtain.isDrawn.value]).toEqual([0, false]);
  });

  test.each([
    ['beside={"shown":[{"section":"s9"}]}', 'the section “s9”'],
    ['beside={"shown":[{"embedding":"X_umap"}]}', 'the embedding “X_umap”'],
    ['beside={"shown":[]}', 'the panels'],
    ['beside={"shown":[{"plot":{"view":"pie"}}]}', 'the plot “pie”'],
    ['beside={"shown":[{"markers":{"view":"table"}}]}', 'the plot “table”'],
    ['beside=nothing', 'the panels'],
    ['curtain={"column":"no such"}', 'the column of the curtain “no such”'],
    ['curtain={"gene":"no such"}', 'the gene of the curtain “no such”'],
    ['curtain={"at":2}', 'the curtain'],
  ])('says what of %s the bundle lacks', async (link, lacking) => {
    const session = await withSections(link);
    expect(session.missed.value?.message).toContain(lacking);
    expect(session.panels.list.value).toEqual([]);
    expect(session.curtain.isDrawn.value).toBe(false);
  });
});

describe('a curtain', () => {
  test('has other colours at its right, and their values', async () => {
    const session = await opened('', await openBundle(streamBundle()));
    await session.chooseCurtain({ by: 'column', index: 1 }, 'area');
    const { curtain, colouring } = session;
    expect([0.49, 0.5].map((share) => curtain.isRight(share))).toEqual([false, true]);
    expect(curtain.rowOf(0).name).toBe('area');
    expect(colouring.current.value.label).toBe('__proto__');
    await session.chooseCurtain(null);
    expect(curtain.isRight(0.9)).toBe(false);
  });
});

describe('another embedding', () => {
  test('keeps the cells in sight that are in view', async () => {
    const session = await opened();
    const { view } = session;
    // Cells 40 to 60.
    view.move({ x: 50, y: 50, zoom: Math.log2(SIZE.height / 20) });
    await session.changeEmbedding(1);
    const { x, y, zoom } = view.camera.value!;
    const half = SIZE.height / 2 / 2 ** zoom;
    expect([x - half < 400, x + half > 600, y - half < 400, y + half > 600]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(zoom).toBeGreaterThan(view.fit.value!.zoom + 1);
    view.reset();
    await session.changeEmbedding(2);
    expect(view.moved.value).toBe(null);
  });

  test('begins where the cells are on the screen', async () => {
    const session = await opened();
    const from = { shown: session.view.embedding.value!, camera: { x: 10, y: 20, zoom: 3 } };
    await session.chooseEmbedding(2);
    const to = { shown: session.view.embedding.value!, camera: { x: -5, y: 7, zoom: 1 } };
    const [scaleX, scaleY, shiftX, shiftY] = fitOf(from, to);
    const [x, y] = [13, 22];
    const pixel = (place: number, at: number, zoom: number) => (place - at) * 2 ** zoom;
    expect(pixel(x * scaleX + shiftX, -5, 1)).toBeCloseTo(pixel(x, 10, 3));
    // One y axis points down, the other up.
    expect(-pixel(y * scaleY + shiftY, 7, 1)).toBeCloseTo(pixel(y, 20, 3));
  });
});
