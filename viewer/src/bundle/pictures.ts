import { ViewerError } from '../bytes/errors';
import type { Bytes } from '../bytes/files';
import { sizeOfImage } from '../bytes/image_size';

/** Decoding takes up to 11 bytes a pixel, with the browser's copies; so this is below 1 GB. */
export const MOST_PIXELS = 8192 * 8192;

/** Refuses, before decoding, a picture that would exceed the memory of a tab. */
export function checkPicture(bytes: Bytes, path: string, what: string): void {
  const size = sizeOfImage(bytes);
  if (size === null) {
    throw new ViewerError(
      `The ${what} ${path} could not be decoded by this browser.`,
      'PNG, JPEG and WebP images work everywhere; export again with one of these.',
    );
  }
  const { width, height } = size;
  if (width * height <= MOST_PIXELS) return;
  const [across, down, most] = [width, height, MOST_PIXELS].map((count) => count.toLocaleString('en'));
  throw new ViewerError(
    `The ${what} ${path} has ${across} × ${down} pixels, but this page decodes at most ${most}; it is not shown.`,
    'Export again with a smaller image.',
  );
}
