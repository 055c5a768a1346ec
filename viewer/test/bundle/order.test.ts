import { expect, test } from 'vitest';
import { textsInMemory } from '../../src/bundle/cells/cell_texts';
import { StreamOrder } from '../../src/bundle/formats/karospace/stream/order/order';
import { PartReader } from '../../src/bundle/formats/karospace/stream/parts';
import { findNames, namesOf } from '../../src/state/selection/by_name';
import { SourceNumbers } from '../../src/state/selection/source_numbers';
import { inSourceOrder, numbersInSource } from '../../src/state/selection/source_order';

/** Cell 0 is row 2 of the source, and so on. */
const ROWS = Uint32Array.of(2, 0, 3, 1);
const FILES: Record<string, ArrayBufferView> = {
  rows: ROWS,
  boxes: Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3),
  coarse: Uint16Array.of(0, 65_534, 32_767, 65_535, 0, 65_534, 0, 65_535),
};

function opened(files = FILES, levels = [0, 2, 4]): StreamOrder {
  const get = (path: string) => Promise.resolve(new Uint8Array(files[path].buffer.slice(0)));
  const part = (path: string) => ({ path, start: 0, end: 4, size_bytes: 1 });
  const entry = {
    levels,
    rows: { dtype: 'uint32' as const, parts: [part('rows')] },
    blocks: { size: 1024, path: 'boxes', size_bytes: 1 },
  };
  const embedding = { dims: 2, origin: [5, 0], minimum: [0, 0], maximum: [10, 1] };
  return new StreamOrder(new PartReader({ get } as never, 4), entry, {
    ...embedding,
    coarse: { dtype: 'uint16', parts: [part('coarse')] },
  } as never);
}

test('levels, boxes and coarse coordinates', async () => {
  const order = opened();
  expect(order.levels).toEqual([0, 2, 4]);
  expect(order.parts).toEqual([{ start: 0, end: 4, nbytes: 1 }]);
  expect([...(await order.boxes())]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  expect([...(await order.coarse(0))]).toEqual([-5, 0, 5, 1, 0, 0, NaN, NaN]);
  expect([...(await order.cells())]).toEqual([1, 3, 0, 2]);
});

test('an order that does not fit is refused', async () => {
  expect(() => opened(FILES, [0, 5])).toThrow('levels');
  expect(() => opened(FILES, [0, 3, 2, 4])).toThrow('levels');
  const broken = opened({ ...FILES, rows: Uint32Array.of(0, 1, 2, 4) });
  await expect(broken.rows()).rejects.toThrow('names cells that there are not');
});

test('texts and edges, which are stored in the order of the source, belong to their cells', async () => {
  const order = opened();
  const ids = order.texts(textsInMemory((row) => `row ${row}`));
  expect(ids.known(0)).toBeUndefined();
  expect(ids.nbytes(0)).toBeNull();
  expect(await ids.get(0)).toBe('row 2');
  expect(ids.known(3)).toBe('row 1');
  expect(await namesOf(ids, await inSourceOrder({ order }, Uint32Array.of(0, 1, 2)))).toEqual([
    'row 0',
    'row 2',
    'row 3',
  ]);
  const found = await findNames(ids, 4, new Set(['row 1', 'row 2', 'none']));
  expect([...found.cells]).toEqual([0, 3]);
  expect(found.missing).toEqual(['none']);
  const edges = await order.edges({ sources: Uint32Array.of(0, 0, 2), targets: Uint32Array.of(1, 2, 3) });
  expect([...edges.sources]).toEqual([0, 0, 1]);
  expect([...edges.targets]).toEqual([1, 2, 3]);
});

test('numbers that leave the page are rows of the source', async () => {
  const order = opened();
  expect([...(await numbersInSource({ order }, Uint32Array.of(0, 3)))]).toEqual([1, 2]);
  const numbers = new SourceNumbers({ order, nCells: 4 }, () => {});
  expect([...numbers.known(Uint32Array.of(0, 3))!]).toEqual([]); // and loads the order
  expect([...(await numbers.of(Uint32Array.of(0, 3)))]).toEqual([1, 2]);
  await Promise.resolve();
  expect([...numbers.known(Uint32Array.of(0, 3))!]).toEqual([1, 2]);
  expect([...(await numbers.cells(Uint32Array.of(1, 2)))]).toEqual([0, 3]);
  const all = Uint32Array.of(0, 1, 2, 3);
  expect(numbers.known(all)).toBe(all);
  const cells = Uint32Array.of(1);
  expect(new SourceNumbers({ nCells: 4 }, () => {}).known(cells)).toBe(cells);
});
