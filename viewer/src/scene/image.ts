import { ViewerError } from '../bytes/errors';
import type { EmbeddingInfo, ImageInfo } from '../bundle/bundle';
import { checkPicture } from '../bundle/pictures';
import type { Bytes } from '../bytes/files';

/** Decodes a tissue image, at a smaller size if the graphics card cannot hold it. */
export async function decodeImage(bytes: Bytes, path: string, largest: number): Promise<ImageBitmap> {
  checkPicture(bytes, path, 'image');
  try {
    const whole = await createImageBitmap(new Blob([bytes]));
    const shrink = Math.min(1, largest / Math.max(whole.width, whole.height));
    if (shrink === 1) return whole;
    const [resizeWidth, resizeHeight] = [whole.width, whole.height].map((side) => Math.floor(side * shrink));
    return await createImageBitmap(whole, { resizeWidth, resizeHeight, resizeQuality: 'high' });
  } catch (cause) {
    throw new ViewerError(
      `The image ${path} could not be decoded by this browser.`,
      'PNG, JPEG and WebP images work everywhere; export again with one of these.',
      { cause },
    );
  }
}

type Box = [number, number, number, number];

/** `[left, bottom, right, top]` of the image, relative to the embedding's origin. */
export function imageBounds(image: ImageInfo, embedding: EmbeddingInfo): Box {
  const { scale_x, scale_y, offset_x, offset_y } = image.placement!;
  const [originX, originY] = embedding.origin;
  const left = -offset_x / scale_x - originX;
  const right = (image.width - offset_x) / scale_x - originX;
  const top = -offset_y / scale_y - originY;
  const bottom = (image.height - offset_y) / scale_y - originY;
  return [left, bottom, right, top];
}

/** Whether part of a box may be in the window, whose coordinates lie in another box. */
export function isInView([left, bottom, right, top]: Box, visible: Readonly<Box>): boolean {
  const [low, high] = [Math.min(bottom, top), Math.max(bottom, top)];
  return left < visible[2] && right > visible[0] && low < visible[3] && high > visible[1];
}

/** Of boxes, the largest ones in view, in the order of the boxes. */
export function largestInView<T>(
  all: readonly T[],
  boxOf: (each: T) => Box,
  visible: Readonly<Box>,
  most: number,
): T[] {
  const area = (each: T) => {
    const [left, bottom, right, top] = boxOf(each);
    return Math.abs((right - left) * (top - bottom));
  };
  const inView = all.filter((each) => isInView(boxOf(each), visible));
  if (inView.length <= most) return inView;
  const largest = new Set(inView.toSorted((one, other) => area(other) - area(one)).slice(0, most));
  return inView.filter((each) => largest.has(each));
}
