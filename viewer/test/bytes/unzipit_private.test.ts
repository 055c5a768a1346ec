import { unzipRaw } from 'unzipit';
import { expect, test } from 'vitest';
import { localOffset } from '../../src/bytes/zip/local_offset';
import { zipOf } from '../zip_fixture';

test.each([{ method: 0 }, { method: 8 }, { method: 0, zip64: true }])(
  'unzipit still has ZipEntry._rawEntry.relativeOffsetOfLocalHeader (%j)',
  async (options) => {
    const blob = zipOf({ 'a.txt': 'first', 'b.txt': 'second' }, options);
    const { entries } = await unzipRaw(blob);
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const isHeader = (at: number) => new DataView(bytes.buffer).getUint32(at, true) === 0x04034b50;
    const offsets = entries.map(localOffset);
    expect(offsets).toEqual([0, expect.any(Number)]);
    expect(offsets.every((offset) => isHeader(offset!))).toBe(true);
  },
);
