import type { Bundle } from '../../../bundle/bundle';
import { isTissuePositions } from '../../view/embedding_view';
import type { Point } from './region';

/** The coordinates of a file: units of an embedding, or pixels of a picture that lies under its cells. */
export interface Frame {
  /** For people, and in files. */
  readonly label: string;
  readonly isPixels: boolean;
  readonly embedding: number;
  /** The only section that has these coordinates; null for all. */
  readonly section: number | null;
  toFile(point: Point): Point;
  fromFile(point: Point): Point;
}

/** `[a, b, c, d, e, f]`: x of the file = a x + b y + c, y = d x + e y + f. */
type Affine = readonly [number, number, number, number, number, number];

/** All coordinates in which regions can be saved: pixels of placed slides and images first, as QuPath has them. */
export function framesOf(bundle: Bundle): readonly Frame[] {
  const { tissue, images, embeddings } = bundle;
  const frames: Frame[] = [];
  for (const { name, toPixel, embedding, section } of tissue?.slides ?? [])
    if (toPixel) frames.push(frame(`pixels of ${name}`, embedding, section, toPixel));
  const items = tissue?.sections?.items ?? [];
  for (const { library, path, placement, embedding, cells } of images) {
    // The same picture as a slide, which comes first.
    if (!placement || slideOf(bundle, library)) continue;
    const { scale_x, scale_y, offset_x, offset_y } = placement;
    const section = cells ? items.findIndex(({ name }) => name === cells.category) : -1;
    const pixels: Affine = [scale_x, 0, offset_x, 0, scale_y, offset_y];
    frames.push(frame(`pixels of ${library || path}`, embedding, section < 0 ? null : section, pixels));
  }
  embeddings.forEach((info, embedding) => {
    if (info.dims !== 1 && isTissuePositions(info))
      frames.push({ ...frame(`units of ${info.key}`, embedding, null, [1, 0, 0, 0, 1, 0]), isPixels: false });
  });
  return frames.filter(({ embedding }) => embeddings[embedding] !== undefined);
}

function slideOf({ tissue }: Bundle, library: string): boolean {
  return tissue?.slides.some(({ name, toPixel }) => toPixel && name.startsWith(`${library} `)) ?? false;
}

function frame(label: string, embedding: number, section: number | null, pixels: Affine): Frame {
  const [a, b, c, d, e, f] = pixels;
  const area = a * e - b * d;
  return {
    label,
    isPixels: true,
    embedding,
    section,
    toFile: ([x, y]) => [a * x + b * y + c, d * x + e * y + f],
    fromFile: ([x, y]) => {
      const [u, w] = [x - c, y - f];
      return [(e * u - b * w) / area, (a * w - d * u) / area];
    },
  };
}
