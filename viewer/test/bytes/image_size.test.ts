import { expect, test } from 'vitest';
import { checkPicture } from '../../src/bundle/pictures';
import { sizeOfImage } from '../../src/bytes/image_size';
import { toBytes } from '../map_files';

const of = (base64: string) => toBytes(Buffer.from(base64, 'base64'));
const PNG = of('iVBORw0KGgoAAAANSUhEUgAAAAcAAAEsCAIAAACALD4=');

// The first bytes of pictures of 7 × 300 pixels that Pillow 12 wrote; the JPEG is by hand, after its standard.
test.each([
  ['PNG', PNG],
  ['lossy WebP', of('UklGRjoAAABXRUJQVlA4IC4AAACwAwCdASoHACwBPm0=')],
  ['lossless WebP', of('UklGRiAAAABXRUJQVlA4TBQAAAAvBsBKAAcQEf0PAAk=')],
  ['WebP with Exif', of('UklGRmIAAABXRUJQVlA4WAoAAAAIAAAABgAAKwEAVlA=')],
  ['GIF', of('R0lGODdhBwAsAYEAAAAAAAAAAAAAAAAAACwAAAAABwA=')],
  [
    'progressive JPEG whose other parts look like a frame',
    toBytes(Buffer.from('ffd8ffe10006ffc00000ffc40003ffffffc200110801' + '2c000703', 'hex')),
  ],
])('the header of a %s tells its size', (_, bytes) => {
  expect(sizeOfImage(bytes)).toEqual({ width: 7, height: 300 });
  for (let cut = 0; cut < 10; cut++) expect(sizeOfImage(bytes.slice(0, cut))).toBe(null);
});

test('a picture that is larger than a tab can hold is refused before it is decoded', () => {
  const large = PNG.slice();
  new DataView(large.buffer).setUint32(16, 60_000);
  new DataView(large.buffer).setUint32(20, 60_000);
  expect(() => checkPicture(large, 'a.png', 'image')).toThrow(
    'The image a.png has 60,000 × 60,000 pixels, but this page decodes at most 67,108,864; it is not shown.',
  );
  expect(() => checkPicture(toBytes(Buffer.from('<svg/>')), 'a.png', 'image')).toThrow(
    /could not be decoded/,
  );
  checkPicture(PNG, 'a.png', 'image');
});
