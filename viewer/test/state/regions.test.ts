import { describe, expect, test } from 'vitest';
import type { Bundle } from '../../src/bundle/bundle';
import { framesOf } from '../../src/state/selection/regions/frames';
import {
  coordinatesOf,
  isGeoJson,
  readGeoJson,
  regionsGeoJson,
} from '../../src/state/selection/regions/geojson';
import { Inside } from '../../src/state/selection/regions/inside';
import { cellsInRegion } from '../../src/state/selection/regions/cells_in';
import { joined, type Region } from '../../src/state/selection/regions/region';
import { readRegion, saveRegion } from '../../src/state/selection/regions/saved_region';
import { Selection } from '../../src/state/selection/selection';
import { groupsCsv, nameCells } from '../../src/state/selection/group_files';

const SQUARE = [
  [0, 0],
  [10, 0],
  [10, 10],
  [0, 10],
] as const;
const HOLE = [
  [4, 4],
  [6, 4],
  [6, 6],
  [4, 6],
] as const;

/** Cells at (1, 1), (5, 5) and (20, 20), in each of two sections; a slide of the first, turned by a quarter. */
const BUNDLE = {
  nCells: 6,
  embeddings: [{ key: 'spatial', source: 'obsm:spatial', dims: 2, yAxis: 'down', origin: [1, 1] }],
  images: [],
  coordinates: () => Promise.resolve(Float32Array.of(0, 0, 4, 4, 19, 19, 0, 0, 4, 4, 19, 19)),
  ids: { known: (cell: number) => `c${cell}`, get: (cell: number) => Promise.resolve(`c${cell}`) },
  tissue: {
    sections: {
      items: [
        { name: 's1', start: 0, end: 3 },
        { name: null, start: 3, end: 6 },
      ],
      rows: () => Promise.resolve(Uint32Array.of(3, 4, 5, 0, 1, 2)),
    },
    slides: [{ name: 's1 hires', toPixel: [0, 2, 5, -2, 0, 100], embedding: 0, section: 0 }],
  },
} as unknown as Bundle;
const [PIXELS, UNITS] = framesOf(BUNDLE);
const sectionOf = (name: string | null) =>
  [...[0, 1]].find((at) => BUNDLE.tissue!.sections!.items[at].name === name) ?? null;

function region(section: number | null, ...polygons: Region['polygons']): Region {
  return { embedding: 0, section, polygons };
}

test('points are inside a polygon, not in its holes', () => {
  const inside = new Inside([SQUARE, HOLE]);
  expect([inside.holds(1, 1), inside.holds(9.99, 0.01), inside.holds(5, 5), inside.holds(11, 5)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  const round = Array.from({ length: 500 }, (_, at) => {
    const angle = (2 * Math.PI * at) / 500;
    return [1e6 + Math.cos(angle), 1e-3 * Math.sin(angle)] as const;
  });
  const disc = new Inside([round]);
  for (let at = 0; at < 50; at++) {
    const radius = at / 25;
    if (Math.abs(radius - 1) < 0.02) continue;
    expect(disc.holds(1e6 + radius * Math.cos(at), 1e-3 * radius * Math.sin(at))).toBe(radius < 1);
  }
});

test('cells are found by a region, in its section', async () => {
  expect([...(await cellsInRegion(region(null, [SQUARE]), BUNDLE))]).toEqual([0, 1, 3, 4]);
  expect([...(await cellsInRegion(region(1, [SQUARE]), BUNDLE))]).toEqual([3, 4]);
  expect([...(await cellsInRegion(region(0, [SQUARE, HOLE]), BUNDLE))]).toEqual([0]);
});

describe('an outline belongs to a selection', () => {
  test('as long as regions are only added', async () => {
    const selection = new Selection();
    const [one, other] = [region(0, [SQUARE]), region(0, [HOLE])];
    await selection.applyLater('replace', Promise.resolve(Uint32Array.of(1, 2)), one);
    expect(selection.region.value).toBe(one);
    await selection.applyLater('add', Promise.resolve(Uint32Array.of(5)), other);
    expect(selection.region.value).toEqual(joined(one, other));
    await selection.applyLater('subtract', Promise.resolve(Uint32Array.of(5)), other);
    expect(selection.region.value).toBeNull();
    await selection.applyLater('replace', Promise.resolve(Uint32Array.of(1, 2)), one);
    selection.set(Uint32Array.of(3));
    expect(selection.region.value).toBeNull();
  });

  test('not across sections', () => {
    expect(joined(region(0, [SQUARE]), region(1, [SQUARE]))).toBeNull();
  });
});

describe('GeoJSON', () => {
  const groups = [
    { name: 'Tumour', color: '#ff8000', cells: Uint32Array.of(0), region: region(0, [SQUARE, HOLE]) },
    { name: 'Both', color: '#0000ff', cells: Uint32Array.of(), region: region(1, [SQUARE], [HOLE]) },
    { name: 'No outline', color: '#00ff00', cells: Uint32Array.of(1) },
  ];
  const nameOf = (section: number) => BUNDLE.tissue!.sections!.items[section].name;

  test('is as QuPath has it, in pixels of the slide', () => {
    expect([PIXELS.label, UNITS.label]).toEqual(['pixels of s1 hires', 'units of spatial']);
    const { text, leftOut } = regionsGeoJson(groups, PIXELS, nameOf);
    expect(leftOut).toEqual(['Both']);
    const { type, features } = JSON.parse(text) as { type: string; features: Record<string, unknown>[] };
    expect(type).toBe('FeatureCollection');
    expect(features).toEqual([
      {
        type: 'Feature',
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [5, 100],
              [5, 80],
              [25, 80],
              [25, 100],
              [5, 100],
            ],
            [
              [13, 92],
              [13, 88],
              [17, 88],
              [17, 92],
              [13, 92],
            ],
          ],
        },
        properties: {
          objectType: 'annotation',
          name: 'Tumour',
          classification: { name: 'Tumour', color: [255, 128, 0] },
          section: 's1',
        },
      },
    ]);
  });

  test.each([0, 1])('that was written is read again (%i)', (at) => {
    const frame = [PIXELS, UNITS][at];
    const { text } = regionsGeoJson(groups, frame, nameOf);
    expect(isGeoJson(text)).toBe(true);
    expect(coordinatesOf(text)).toBe(frame.label);
    const { regions, nOthers } = readGeoJson(text, frame, sectionOf, null);
    expect(nOthers).toBe(0);
    expect(regions).toEqual(
      groups.slice(0, at + 1).map(({ name, color, region: of }) => ({ name, color, region: of })),
    );
  });

  test('of older and newer versions of QuPath is read', () => {
    const geometry = { type: 'Polygon', coordinates: [[...SQUARE, SQUARE[0]]] };
    const feature = (properties: object | null, of: object | null = geometry) => ({
      type: 'Feature',
      id: 'PathAnnotationObject',
      geometry: of,
      properties,
    });
    const old = feature({ isLocked: false, classification: { name: 'Stroma', colorRGB: -6895466 } });
    const recent = feature({
      objectType: 'annotation',
      name: 'A1',
      color: [1, 2, 3],
      classification: { name: 'Stroma' },
    });
    const point = feature({}, { type: 'Point', coordinates: [1, 2] });
    const list = JSON.stringify([old, recent, old, point, feature(null)]);
    const { regions, nOthers } = readGeoJson(list, UNITS, sectionOf, 1);
    expect(nOthers).toBe(1);
    expect(regions.map(({ name, color }) => [name, color])).toEqual([
      ['Stroma', '#96c896'],
      ['A1', '#010203'],
      ['Region', null],
    ]);
    // Two annotations of one class are one region.
    expect(regions[0].region).toEqual(region(1, [SQUARE], [SQUARE]));
    expect(readGeoJson(JSON.stringify(old), UNITS, sectionOf, null).regions).toHaveLength(1);
  });

  test('that is damaged is refused with a reason', () => {
    expect(() => readGeoJson('{"type": "Feature', UNITS, sectionOf, null)).toThrow('not JSON');
    expect(() => readGeoJson('{"type": "FeatureCollection", "features": 3}', UNITS, sectionOf, null)).toThrow(
      'no features',
    );
  });
});

test('a region is saved by the names of its embedding and section', () => {
  for (const one of [region(null, [SQUARE]), region(0, [SQUARE, HOLE]), region(1, [HOLE])])
    expect(readRegion(JSON.parse(JSON.stringify(saveRegion(one, BUNDLE))) as never, BUNDLE)).toEqual(one);
  expect(readRegion({ embedding: 'other', polygons: [] }, BUNDLE)).toBeNull();
  expect(readRegion({ embedding: 'spatial', section: 's9', polygons: [] }, BUNDLE)).toBeNull();
});

test('a table of cells has their sections, in the order of the source', async () => {
  const named = await nameCells([{ name: 'G', color: '#112233', cells: Uint32Array.of(1, 2, 4) }], BUNDLE);
  expect(groupsCsv(named).split('\r\n')).toEqual([
    'cell_id,section,group',
    'c4,"",G',
    'c1,s1,G',
    'c2,s1,G',
    '',
  ]);
});
