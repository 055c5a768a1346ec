import { describe, expect, test } from 'vitest';
import type { Bundle, EmbeddingInfo } from '../../src/bundle/bundle';
import { ballRadius, fitOrbit } from '../../src/state/view/fit';
import { followLink, linkOf } from '../../src/state/link/link';
import { Session } from '../../src/state/session';
import { hashed, spreadLine } from '../../src/state/view/spread';

const size = { width: 800, height: 600 };

function info(key: string, dims: 1 | 2 | 3, reach: number): EmbeddingInfo {
  const axes = Array.from({ length: dims }, () => reach);
  return {
    key,
    label: key,
    source: `obsm:${key}`,
    dims,
    yAxis: 'up',
    origin: axes.map(() => 100),
    minimum: axes.map(() => 100 - reach),
    maximum: axes.map(() => 100 + reach),
  };
}

/** Only what a session needs to look at cells. */
function shapes(): Bundle {
  const places = [
    Float32Array.of(-1, -1, -1, 1, 1, 1, 0, 0, 0, NaN, 0, 0),
    Float32Array.of(-2, -1, 2, NaN),
    Float32Array.of(-1, -1, 1, 1, 0, 0, NaN, 0),
  ];
  return {
    format: '',
    where: '',
    name: '',
    nCells: 4,
    nGenes: 0,
    embeddings: [info('deep', 3, 1), info('line', 1, 2), info('plane', 2, 1)],
    columns: [],
    graph: { label: 'graph', nEdges: 3 },
    vectors: [{ key: 'flow', label: 'Flow', embedding: 0 }],
    images: [],
    isOrdered: true,
    previewPath: null,
    notes: [],
    genes: () => Promise.resolve({ names: [] }),
    coordinates: (embedding: number) => Promise.resolve(places[embedding]),
  } as unknown as Bundle;
}

async function opened(link = ''): Promise<Session> {
  const session = new Session(shapes());
  session.view.size.value = size;
  await followLink(session, link);
  return session;
}

describe('the length of a unit', () => {
  const stated = (micronsPerUnit: number | null, source = 'obs:x,y') => {
    const plane = { ...info('plane', 2, 1), source, micronsPerUnit };
    return { ...shapes(), embeddings: [info('deep', 3, 1), info('line', 1, 2), plane] } as Bundle;
  };
  const openedAt = async (bundle: Bundle, link: string) => {
    const session = new Session(bundle);
    session.view.size.value = size;
    await followLink(session, link);
    return session.view.micronsPerUnit.value;
  };

  test('is that of the export, unless a link or a person says another', async () => {
    expect(await openedAt(stated(0.25), 'embedding=plane')).toBe(0.25);
    expect(await openedAt(stated(0.25), 'embedding=plane&microns=2')).toBe(2);
    expect(await openedAt(stated(null), 'embedding=plane')).toBe(null);
    expect(await openedAt(stated(-1), 'embedding=plane')).toBe(null);
  });

  test('is none of an embedding that is no place, or has depth', async () => {
    expect(await openedAt(stated(0.25, 'obsm:X_umap'), 'embedding=plane')).toBe(null);
    expect(await openedAt(stated(0.25), 'embedding=deep')).toBe(null);
  });
});

describe('three axes', () => {
  test('open in depth, and are flattened and back with the view at rest', async () => {
    const { view } = await opened();
    expect(view.solid.value).toBe(true);
    expect(view.camera.value!.orbit).toMatchObject({ z: 0 });
    view.move({ ...view.camera.value!, x: 0.5 });
    view.flatten(true);
    expect(view.camera.value).toEqual(view.fit.value);
    expect(view.camera.value).not.toHaveProperty('orbit');
    view.flatten(false);
    expect(view.solid.value).toBe(true);
  });

  test('keep the pitch between the poles, and the turn within one round', async () => {
    const { view } = await opened();
    const camera = view.camera.value!;
    view.move({ ...camera, orbit: { z: 0, pitch: 120, turn: 545 } });
    expect(view.camera.value!.orbit).toEqual({ z: 0, pitch: 90, turn: -175 });
    view.move({ ...camera, orbit: { z: 0, pitch: -91, turn: -190 } });
    expect(view.camera.value!.orbit).toEqual({ z: 0, pitch: -90, turn: 170 });
  });

  test('fit as a ball: its rim in perspective touches the margin and no more', () => {
    const bounds = { minimum: [-3, -3, -3], maximum: [3, 3, 3] };
    const { zoom } = fitOrbit(bounds, 5, size);
    const distance = size.height / 2 / Math.tan((25 * Math.PI) / 180);
    const pixels = 5 * 2 ** zoom;
    const rim = distance * Math.tan(Math.asin(pixels / distance));
    expect(rim).toBeCloseTo(size.height / 2 - 28, 6);
  });

  test('have the radius of the farthest cell that has a place', () => {
    const bounds = { minimum: [0, 0, 0], maximum: [2, 2, 2] };
    expect(ballRadius(Float32Array.of(0, 1, 1, NaN, 9, 9, 1, 1, 3, 1, Infinity, 1), bounds)).toBe(2);
  });
});

describe('cells without a place', () => {
  test('are counted in every embedding, whatever its axes', async () => {
    const session = await opened();
    for (const index of [0, 1, 2]) {
      await session.chooseEmbedding(index);
      expect(session.view.nWithoutCoordinates.value).toBe(1);
    }
  });
});

describe('a line', () => {
  test('is spread the same way every time, along its own axis not at all', () => {
    const line = Float32Array.from({ length: 500 }, (_, cell) => Math.sin(cell));
    const spread = spreadLine(line, -1, 1);
    expect(spread).toEqual(spreadLine(line, -1, 1));
    line.forEach((x, cell) => expect(spread[2 * cell]).toBe(x));
    const across = line.map((_, cell) => Math.abs(spread[2 * cell + 1]));
    expect(Math.max(...across)).toBeLessThanOrEqual(0.32);
    expect(new Set(across).size).toBeGreaterThan(490);
  });

  test('is widest where most cells are', () => {
    const line = Float32Array.from({ length: 1100 }, (_, cell) => (cell < 1000 ? 0.1 : 0.9));
    const spread = spreadLine(line, 0, 1);
    const widest = (from: number, to: number) =>
      Math.max(...[...Array(to - from).keys()].map((at) => Math.abs(spread[2 * (from + at) + 1])));
    expect(widest(0, 1000)).toBeGreaterThan(5 * widest(1000, 1100));
  });

  test('of one value, or with cells that have none, is drawn all the same', () => {
    const spread = spreadLine(Float32Array.of(3, 3, NaN), 3, 3);
    expect([...spread.subarray(0, 4)].every(Number.isFinite)).toBe(true);
    expect(spread[4]).toBeNaN();
  });

  test('uses numbers that are even over [0, 1)', () => {
    const bars = new Uint32Array(10);
    for (let cell = 0; cell < 10_000; cell++) bars[Math.floor(hashed(cell) * 10)]++;
    for (const bar of bars) expect(Math.abs(bar - 1000)).toBeLessThan(150);
  });

  test('fills the window from left to the buttons at the right', async () => {
    const { view } = await opened('embedding=line');
    expect(view.embedding.value).toMatchObject({ width: 2, radius: 0 });
    expect(2 ** view.camera.value!.zoom * 4).toBeCloseTo(size.width - 28 - 68); // the margin, and the buttons
  });
});

describe('a link', () => {
  test('brings back the camera in depth', async () => {
    const session = await opened();
    const camera = { x: 0.25, y: -0.5, zoom: 9, orbit: { z: 0.125, pitch: -33.5, turn: 120.25 } };
    session.view.move(camera);
    const other = await opened(linkOf(session).value);
    expect(other.view.moved.value).toEqual(camera);
    expect(linkOf(other).value).toBe(linkOf(session).value);
  });

  test('brings back what is drawn over the cells', async () => {
    const session = await opened();
    session.view.flatten(true);
    session.overlays.edges.value = 'all';
    session.overlays.vector.value = 0;
    session.names.on.value = true;
    const other = await opened(linkOf(session).value);
    expect(other.view.flat.value).toBe(true);
    expect(other.overlays.edges.value).toBe('all');
    expect(other.overlays.vector.value).toBe(0);
    expect(other.names.on.value).toBe(true);
    await followLink(other, '');
    expect(other.view.solid.value).toBe(true);
    expect(other.overlays.edges.value).toBe('none');
    expect(other.overlays.vector.value).toBe(null);
  });

  test.each(['view=1,2,3', 'view=1,2,3,4,5', 'view=1,2,3,4,5,x', 'edges=most', 'vectors=none', 'flat=maybe'])(
    'that says %j does no harm',
    async (link) => {
      const session = await opened(link);
      expect(session.view.moved.value).toBe(null);
      expect(session.view.solid.value).toBe(true);
      expect(session.overlays.edges.value).toBe('none');
    },
  );

  test('brings back the unit of the scale bar', async () => {
    const session = await opened('microns=0.5');
    expect(session.view.givenMicrons.value).toBe(0.5);
    expect(session.missed.value).toBe(null);
    expect(new URLSearchParams(linkOf(session).value).get('microns')).toBe('0.5');
  });

  test.each(['microns=0', 'microns=-1', 'microns=x', 'microns='])('that says %j is missed', async (link) => {
    const session = await opened(link);
    expect(session.view.givenMicrons.value).toBe(null);
    expect(session.missed.value?.message).toContain('the microns per unit');
  });

  test('with a camera in depth moves nothing in a plane', async () => {
    const session = await opened('embedding=plane&view=1,2,3,4,5,6');
    expect(session.view.moved.value).toBe(null);
  });
});
