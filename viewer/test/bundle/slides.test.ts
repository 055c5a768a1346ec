import { expect, test } from 'vitest';
import { openFolder } from '../../src/bundle/open';
import type { ChannelSlide, PictureSlide } from '../../src/bundle/tissue';
import { gzip, toBytes, type MapFiles } from '../map_files';
import { streamBundle } from '../stream_fixture';

type Json = Record<string, unknown>;

const COMMON = {
  ...{ name: 'one', section: null, embedding: 0, width: 33, height: 17, tile: 16 },
  to_pixel: [2, 0, 1, 0, 2, 1],
  levels: [
    { width: 33, height: 17 },
    { width: 17, height: 9 },
    { width: 9, height: 5 },
  ],
};
const PICTURE = { ...COMMON, kind: 'rgb', path: 'slides/{level}/{row}_{column}.png' };
const CHANNEL = { name: 'DAPI', color: '#0000ff', window: [1, 200], range: [0, 65535] };
const CHANNELS = {
  ...COMMON,
  kind: 'channels',
  dtype: 'uint16',
  channels: [{ ...CHANNEL, path: 'slides/c0/{level}/{row}_{column}.bin.gz' }],
};
const REMOTE = { ...COMMON, kind: 'ome-zarr', url: 'https://example.org/a.zarr', channels: [CHANNEL] };

async function slideOf(slide: Json, change: (files: MapFiles) => void = () => {}) {
  const files = streamBundle((atlas) => (atlas.slides = [slide]));
  change(files);
  const opened = await openFolder(files, {});
  if (opened.is !== 'bundle') throw new Error('no bundle');
  return opened.bundle.tissue!.slides[0];
}

/** The beginning of a PNG, which tells its size. */
function png(width: number, height: number) {
  const bytes = new Uint8Array(33);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}

test('tiles of channels are read as numbers, those at the edges smaller', async () => {
  const values = Uint16Array.from({ length: 1 * 1 }, () => 40_000);
  const slide = (await slideOf(CHANNELS, (files) =>
    files.files.set('slides/c0/0/1_2.bin.gz', gzip(toBytes(values))),
  )) as ChannelSlide;
  expect(slide.toPixel).toEqual([2, 0, 1, 0, 2, 1]);
  expect([...(await slide.values(0, 0, 1, 2))]).toEqual([40_000]);
});

test('a tile of another length is damage', async () => {
  const slide = (await slideOf(CHANNELS, (files) =>
    files.files.set('slides/c0/2/0_0.bin.gz', gzip(new Uint8Array(44))),
  )) as ChannelSlide;
  await expect(slide.values(0, 2, 0, 0)).rejects.toThrow(/must have 90 \(45 values of type uint16\)/);
});

test('a tile that inflates to far more is refused', async () => {
  const slide = (await slideOf(CHANNELS, (files) =>
    files.files.set('slides/c0/2/0_0.bin.gz', gzip(new Uint8Array(10_000_000))),
  )) as ChannelSlide;
  await expect(slide.values(0, 2, 0, 0)).rejects.toThrow(/more than 90 bytes/);
});

test('a picture must have the size of its tile, before it is decoded', async () => {
  const slide = (await slideOf(PICTURE, (files) => {
    files.files.set('slides/0/0_0.png', png(16, 16));
    files.files.set('slides/0/0_1.png', png(60_000, 60_000));
    files.files.set('slides/0/1_2.png', new Uint8Array(10));
  })) as PictureSlide;
  expect(await slide.picture(0, 0, 0)).toHaveLength(33);
  await expect(slide.picture(0, 0, 1)).rejects.toThrow(/has 60000 × 60000 pixels, but must have 16 × 16/);
  await expect(slide.picture(0, 1, 2)).rejects.toThrow(
    /no picture that this page knows, but must have 1 × 1/,
  );
});

test.each<[string, Json, RegExp]>([
  [
    'levels that are not halves',
    { levels: [COMMON.levels[0], { width: 16, height: 9 }] },
    /level 1 that is not half/,
  ],
  ['a last level of several tiles', { levels: COMMON.levels.slice(0, 1) }, /no level that fits in one tile/],
  ['another first level', { width: 34 }, /differs in size from its first level/],
  ['tiles of one pixel', { tile: 1 }, /tiles of 1 pixels/],
  ['enormous tiles', { tile: 100_000 }, /tiles of 100000 pixels/],
  ['an embedding that is not there', { embedding: 7 }, /lies under embedding 7/],
  ['a section that is not there', { section: 0 }, /belongs to section 0/],
  ['a flat place', { to_pixel: [1, 2, 0, 2, 4, 0] }, /cannot be turned around/],
  ['a path without its column', { path: 'slides/{level}/{row}.png' }, /has the path/],
  ['a path to a script', { path: 'slides/{level}/{row}_{column}.html' }, /has the path/],
])('refuses %s', async (_, change, message) => {
  await expect(slideOf({ ...PICTURE, ...change })).rejects.toThrow(message);
});

test('a path cannot leave the folder', async () => {
  const slide = (await slideOf({ ...PICTURE, path: '../{level}/{row}_{column}.png' })) as PictureSlide;
  await expect(slide.picture(0, 0, 0)).rejects.toThrow(/outside its folder/);
});

test('a slide without channels, and one at no address, are refused', async () => {
  await expect(slideOf({ ...CHANNELS, channels: [] })).rejects.toThrow(/has 0 channels/);
  await expect(slideOf({ ...REMOTE, url: 'javascript:alert(1)' })).rejects.toThrow(/no address/);
  await expect(slideOf({ ...REMOTE, url: 'https://me:secret@example.org/' })).rejects.toThrow(/no address/);
});

test('a slide elsewhere says so, and asks nothing when it is opened', async () => {
  const slide = await slideOf(REMOTE);
  expect(slide.elsewhere?.origin).toBe('https://example.org');
});
