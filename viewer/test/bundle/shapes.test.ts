import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { NoRangesError } from '../../src/bytes/errors';
import type { Bytes, Files } from '../../src/bytes/files';
import { StoredShapes } from '../../src/bundle/formats/karospace/stream/tissue/shapes';
import { shapeAt, geometryOf } from '../../src/scene/tissue/shapes/geometry';

/** A square and a triangle, in a box from (10, 20) to (20, 40). */
const CELLS = [3, 0xffffffff];
const STARTS = [0, 4, 7];
const X = [0, 32768, 32768, 0, 65535, 65535, 49152];
const Y = [0, 0, 65535, 65535, 0, 65535, 65535];

interface Content {
  cells?: number[];
  starts?: number[];
  x?: number[];
  y?: number[];
}

function tile({ cells = CELLS, starts = STARTS, x = X, y = Y }: Content = {}): Bytes {
  const arrays = [
    Uint32Array.from(cells),
    Uint32Array.from(starts),
    Uint16Array.from(x),
    Uint16Array.from(y),
  ];
  return Uint8Array.from(gzipSync(Buffer.concat(arrays.map((each) => Buffer.from(each.buffer)))));
}

function filesOf(packed: Bytes, tiles: unknown[], hasRanges = true): Files & { asked: string[] } {
  const asked: string[] = [];
  const pack = Uint8Array.from([9, 9, ...packed, 9]);
  const index = Uint8Array.from(gzipSync(JSON.stringify({ tiles })));
  return {
    asked,
    where: 'https://host/bundle/',
    get: (path) => {
      asked.push(`get ${path}`);
      return Promise.resolve(path === 'pack.bin' ? pack : index);
    },
    range: (path, range) => {
      if (!hasRanges) return Promise.reject(new NoRangesError('all', 'use another host'));
      if (!('offset' in range)) return Promise.reject(new Error('a range from the end'));
      asked.push(`range ${path} ${range.offset}`);
      return Promise.resolve(pack.slice(range.offset, range.offset + range.length));
    },
  };
}

function open(packed = tile(), tiles?: unknown[], hasRanges = true) {
  const files = filesOf(packed, tiles ?? [[0, 2, packed.length, 2, 10, 20, 20, 40]], hasRanges);
  const entry = {
    name: 'cells',
    embedding: 0,
    n_shapes: 2,
    n_vertices: 7,
    are_cells: true,
    index: { path: 'index.json.gz', size_bytes: 1 },
    packs: [{ path: 'pack.bin', size_bytes: packed.length + 3 }],
  };
  const atlas = { n_cells: 5, embeddings: [{ origin: [10, 20] }] } as never;
  return { shapes: new StoredShapes(files, atlas, entry), files };
}

async function first(packed?: Bytes, tiles?: unknown[], hasRanges?: boolean) {
  const { shapes } = open(packed, tiles, hasRanges);
  return shapes.shapes((await shapes.tiles())[0]);
}

describe('shapes of a bundle', () => {
  test('a tile is a range of its pack', async () => {
    const { shapes, files } = open();
    const [one] = await shapes.tiles();
    expect(one).toMatchObject({ number: 0, nShapes: 2, box: [10, 20, 20, 40] });
    const { cells, starts, vertices } = await shapes.shapes(one);
    expect([...cells]).toEqual(CELLS);
    expect([...starts]).toEqual(STARTS);
    expect([...vertices.subarray(0, 4)].map((each) => Math.round(each * 100) / 100)).toEqual([0, 0, 5, 0]);
    expect([...vertices.subarray(10, 12)]).toEqual([10, 20]);
    expect(files.asked).toEqual(['get index.json.gz', 'range pack.bin 2']);
  });

  test('from a host without ranges, a pack is read once as a whole', async () => {
    const { shapes, files } = open(undefined, undefined, false);
    const [one] = await shapes.tiles();
    await shapes.shapes(one);
    expect([...(await shapes.shapes(one)).cells]).toEqual(CELLS);
    expect(files.asked).toEqual(['get index.json.gz', 'get pack.bin']);
  });

  test.each([
    ['vertices that do not ascend', { starts: [0, 5, 4] }, 'do not ascend'],
    ['shapes that end too early', { starts: [0, 4, 6] }, '7 vertices, but its shapes end at 6'],
    ['shapes that begin too late', { starts: [1, 4, 7] }, 'its shapes end at 7'],
    ['too few vertices', { x: X.slice(1) }, 'too few or too many'],
    ['a cell that is not there', { cells: [5, 0] }, 'a shape of cell 5, but there are 5'],
  ])('%s are damage', async (_, content, said) => {
    await expect(first(tile(content))).rejects.toThrow(said);
  });

  test('tiles lie within the packs', async () => {
    const length = tile().length;
    await expect(first(undefined, [[1, 0, 1, 2, 0, 0, 1, 1]])).rejects.toThrow('beyond the packs');
    await expect(first(undefined, [[0, 4, length, 2, 0, 0, 1, 1]])).rejects.toThrow('beyond the packs');
    await expect(first(undefined, [[0, 0, 1]])).rejects.toThrow('index.json.gz');
  });

  test('bytes that are no gzip, or cut short, are damage', async () => {
    await expect(first(tile().slice(0, 30))).rejects.toThrow('cut short');
    await expect(first(new Uint8Array(8))).rejects.toThrow('too few or too many');
  });

  test('polygons are cut into triangles, and found by a place', async () => {
    const geometry = geometryOf(await first());
    expect(geometry.triangles.length).toBe(3 * (2 + 1));
    expect(geometry.lines.length).toBe(2 * 7);
    expect([...geometry.lines.subarray(6, 8)]).toEqual([3, 0]);
    expect(shapeAt(geometry, 2, 10)).toBe(0);
    expect(shapeAt(geometry, 9.5, 15)).toBe(1);
    expect(shapeAt(geometry, 6, 10)).toBeNull();
    expect(shapeAt(geometry, 2, -1)).toBeNull();
  });
});
