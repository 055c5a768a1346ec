import { expect, test } from 'vitest';
import type { Bundle } from '../../src/bundle/bundle';
import { inSourceOrder, numbersInSource } from '../../src/state/selection/source_order';

function bundle(rows: ArrayLike<number> | null): Pick<Bundle, 'tissue'> {
  return { tissue: { sections: { rows: () => Promise.resolve(rows) } } } as never;
}

test('cells are in the order of the source', async () => {
  // Sections of mixed cells: the source has c2, c0, c3, c1, among others.
  const rows = Uint32Array.of(4, 9, 2, 7);
  expect([...(await inSourceOrder(bundle(rows), Uint32Array.of(0, 1, 2, 3)))]).toEqual([2, 0, 3, 1]);
  expect([...(await inSourceOrder(bundle(rows), Uint32Array.of(1, 2)))]).toEqual([2, 1]);
  expect([...(await inSourceOrder(bundle(rows), Uint32Array.of()))]).toEqual([]);
});

test('cells that are stored in the order of the source keep their order', async () => {
  const cells = Uint32Array.of(1, 3);
  expect(await inSourceOrder(bundle(null), cells)).toBe(cells);
  expect(await inSourceOrder({ tissue: null }, cells)).toBe(cells);
});

test('numbers of cells are those of the source', async () => {
  // Some cells of the source only: these are its cells 1, 3, 0 and 2.
  const rows = Uint32Array.of(4, 9, 2, 7);
  expect([...(await numbersInSource(bundle(rows), Uint32Array.of(1, 2)))]).toEqual([0, 3]);
  expect([...(await numbersInSource(bundle(rows), Uint32Array.of(0, 1, 2, 3)))]).toEqual([0, 1, 2, 3]);
  expect([...(await numbersInSource(bundle(rows), Uint32Array.of(0)))]).toEqual([1]);
  const cells = Uint32Array.of(1, 3);
  expect(await numbersInSource(bundle(null), cells)).toBe(cells);
});
