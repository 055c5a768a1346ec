import { expect, test, vi } from 'vitest';
import { NoRangesError } from '../../src/bytes/errors';
import { openBundle } from '../../src/bundle/open';
import { decodeBlock } from '../../src/bundle/formats/sparse_block';
import { gzip, MapFiles, toBytes } from '../map_files';
import { packedBundle, VALUES } from '../packed_fixture';

test('genes have their zeros, from ranges of shards', async () => {
  const files = packedBundle();
  const ranges = vi.spyOn(files, 'range');
  const bundle = await openBundle(files);
  expect(bundle.format).toBe('KaroSpace stream 2');
  for (const [gene, values] of VALUES.entries()) expect([...(await bundle.expression(gene))]).toEqual(values);
  expect(ranges).toHaveBeenCalledTimes(4);
  await bundle.expression(1);
  expect(ranges).toHaveBeenCalledTimes(4);
});

test('rounded values are between the least and the largest', async () => {
  const bundle = await openBundle(packedBundle('uint8'));
  for (const [gene, values] of VALUES.entries()) {
    const found = await bundle.expression(gene);
    values.forEach((value, cell) => expect(found[cell]).toBeCloseTo(value, 1));
  }
});

test('genes that follow each other are read together', async () => {
  const files = packedBundle();
  const ranges = vi.spyOn(files, 'range');
  const passing = (await openBundle(files)).passingGenes();
  const all = await Promise.all(VALUES.map((_, gene) => passing.expression(gene)));
  expect(all.map((values) => [...values])).toEqual(VALUES);
  expect(ranges).toHaveBeenCalledTimes(2);
});

test('a host without ranges sends whole shards, which is said once', async () => {
  class Whole extends MapFiles {
    override range(): Promise<never> {
      return Promise.reject(new NoRangesError('all', 'none'));
    }
  }
  const files = new Whole(packedBundle().files);
  const bundle = await openBundle(files);
  const notes: string[] = [];
  bundle.onNote?.((note) => notes.push(note));
  for (const [gene, values] of VALUES.entries()) expect([...(await bundle.expression(gene))]).toEqual(values);
  expect(notes).toHaveLength(1);
  expect(files.asked.filter((path) => path.endsWith('.bin'))).toEqual(['a/0.bin', 'a/1.bin']);
});

test.each([
  ['a cell beyond the last', new Uint32Array([7])],
  ['more values than there are', new Uint32Array([0, 0, 0])],
])('a block is refused that has %s', async (_, gaps) => {
  const stored = gzip(toBytes(Buffer.concat([toBytes(gaps), new Uint8Array(4)])));
  const how = { path: 'x', nCells: 5, nValues: 1, width: 4 as const, low: 0, high: 0 };
  await expect(decodeBlock(stored, how)).rejects.toThrow(/x/);
});

test('an index of another size is refused', async () => {
  const files = packedBundle();
  files.files.set('a/index.bin.gz', gzip(new Uint8Array(8)));
  await expect((await openBundle(files)).expression(0)).rejects.toThrow('a/index.bin.gz');
});
