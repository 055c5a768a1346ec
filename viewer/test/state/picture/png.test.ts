import { crc32, deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { FIRST_OPTIONS, pointsOf, readOptions } from '../../../src/state/picture/figure_options';
import { withDpi } from '../../../src/state/picture/png';

function chunk(name: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
const HEAD = [
  Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])),
];
const REST = [chunk('IDAT', deflateSync(Buffer.from([0, 7]))), chunk('IEND', Buffer.alloc(0))];
const density = (perMetre: number) => {
  const content = Buffer.alloc(9);
  content.writeUInt32BE(perMetre);
  content.writeUInt32BE(perMetre, 4);
  content[8] = 1;
  return chunk('pHYs', content);
};

test.each([
  [300, 11811],
  [96, 3780],
  [72.5, 2854],
])('%d pixels per inch are %d per metre, with a checksum', (dpi, perMetre) => {
  const made = Buffer.concat(withDpi(new Uint8Array(Buffer.concat([...HEAD, ...REST])), dpi));
  expect(made).toEqual(Buffer.concat([...HEAD, density(perMetre), ...REST]));
});

test('what a browser states is replaced', () => {
  const given = new Uint8Array(Buffer.concat([...HEAD, density(2835), ...REST]));
  expect(Buffer.concat(withDpi(given, 600))).toEqual(Buffer.concat([...HEAD, density(23622), ...REST]));
});

test('sizes are those of journals, or given in millimetres, inches or pixels', () => {
  const sizes = (some: object) => pointsOf({ ...FIRST_OPTIONS, ...some });
  expect(sizes({})).toEqual([null, null]);
  expect(sizes({ size: 'single' })[0]).toBeCloseTo((85 / 25.4) * 72);
  expect(sizes({ size: 'own', width: 25.4, height: 50.8 })).toEqual([72, 144]);
  expect(sizes({ size: 'own', unit: 'in', width: 2 })).toEqual([144, null]);
  expect(sizes({ size: 'own', unit: 'px', width: 600, dpi: 300 })).toEqual([144, null]);
});

test('stored choices that make no sense are left out, one by one', () => {
  for (const none of [null, 7, 'x', [], {}]) expect(readOptions(none)).toEqual(FIRST_OPTIONS);
  const stored = { dpi: 600, format: 'pdf', legend: 'yes', axes: true, text: NaN, width: -3, own: 1 };
  expect(readOptions(stored)).toEqual({ ...FIRST_OPTIONS, dpi: 600, axes: true });
  expect(readOptions(JSON.parse(JSON.stringify(FIRST_OPTIONS)))).toEqual(FIRST_OPTIONS);
});
