import type { Layer } from '@deck.gl/core';
import { BitmapLayer } from '@deck.gl/layers';
import { signal } from '@preact/signals-core';
import type { ImageInfo } from '../../bundle/bundle';
import type { ChannelSlide, PictureSlide, Slide } from '../../bundle/tissue';
import { isAbort } from '../../bytes/shared';
import type { Session } from '../../state/session';
import { decodeImage } from '../image';
import { linear } from '../opacity';

/** Pixels of the longer side of an image in a panel. */
const LARGEST = 640;
/** Images kept while their panels are out of sight. */
const MOST_KEPT = 120;

type Corner = [number, number];
/** Lower left, upper left, upper right, lower right in pixels of the image, as deck.gl wants corners. */
type Corners = [Corner, Corner, Corner, Corner];

interface Thumbnail {
  readonly bitmap: ImageBitmap;
  /** Relative to the minimum of the section. */
  readonly corners: Corners;
}

/** Small images of the sections in sight: the coarsest level of a slide, or the image of the library. */
export class Thumbnails {
  readonly #here = signal<ReadonlyMap<number, Thumbnail | null>>(new Map());
  #wanted: readonly number[] = [];
  #isLoading = false;
  #closing = new AbortController();

  constructor(private readonly session: Session) {}

  want(sections: readonly number[]): void {
    this.#wanted = sections;
    void this.#load();
  }

  layer(section: number, view: string, modelMatrix: Float32Array): Layer | null {
    const { appearance } = this.session;
    const known = this.#here.value.get(section);
    if (!known || !appearance.showImage.value) return null;
    return new BitmapLayer({
      id: `image ${view}`,
      image: known.bitmap,
      bounds: known.corners,
      opacity: linear(appearance.imageOpacity.value),
      parameters: { depthWriteEnabled: false },
      textureParameters: { minFilter: 'linear', magFilter: 'linear' },
      modelMatrix,
    });
  }

  destroy(): void {
    this.#closing.abort();
    for (const known of this.#here.peek().values()) known?.bitmap.close();
  }

  /** Loads one image after another, and only after the points in sight. */
  async #load(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    const { signal: closed } = this.#closing;
    for (let next = this.#next(); next !== undefined && !closed.aborted; next = this.#next()) {
      const section = next;
      let made: Thumbnail | null = null;
      try {
        made = await this.#make(section, closed);
      } catch (error) {
        if (isAbort(error)) break;
        this.session.report(error, 'image');
      }
      if (!closed.aborted) this.#here.value = this.#withRoom(section, made);
    }
    this.#isLoading = false;
  }

  #next(): number | undefined {
    const { points } = this.session.tissue.sections;
    return this.#wanted.find(
      (each) => !this.#here.peek().has(each) && points.loaded.peek().get(each)?.is === 'here',
    );
  }

  async #make(section: number, closed: AbortSignal): Promise<Thumbnail | null> {
    const { bundle, tissue } = this.session;
    const { minimum } = tissue.sections.info!.items[section];
    if (!minimum) return null;
    const relative = ([x, y]: Corner): Corner => [x - minimum[0], y - minimum[1]];
    const placed = (corners: Corners) => corners.map(relative) as Corners;
    const slide = slideOf(bundle.tissue?.slides ?? [], section, tissue.sections.info!.embedding);
    const slideCorners = slide && cornersOfSlide(slide);
    if (slide && slideCorners)
      return { bitmap: await coarsest(slide, closed), corners: placed(slideCorners) };
    const image = imageOf(
      bundle.images,
      tissue.sections.info!.column,
      tissue.sections.info!.items[section].name,
    );
    if (!image) return null;
    const bitmap = await decodeImage(await bundle.file(image.path, closed), image.path, LARGEST);
    return { bitmap, corners: placed(cornersOfImage(image)) };
  }

  #withRoom(section: number, made: Thumbnail | null): ReadonlyMap<number, Thumbnail | null> {
    const kept = new Map([...this.#here.peek(), [section, made]]);
    for (const [other, known] of kept) {
      if (kept.size <= MOST_KEPT) break;
      if (this.#wanted.includes(other)) continue;
      kept.delete(other);
      known?.bitmap.close();
    }
    return kept;
  }
}

function slideOf(slides: readonly Slide[], section: number, embedding: number): Slide | undefined {
  // One on another host is loaded only on request, on the stage.
  return slides.find(
    (each) => each.section === section && each.embedding === embedding && each.toPixel && !each.elsewhere,
  );
}

/** The image of the cells of one section. */
function imageOf(images: readonly ImageInfo[], column: string, name: string | null): ImageInfo | undefined {
  return images.find(
    ({ cells, placement }) => placement && cells?.column === column && cells.category === name,
  );
}

function cornersOfImage({ width, height, placement }: ImageInfo): Corners {
  const { scale_x, scale_y, offset_x, offset_y } = placement!;
  const at = (x: number, y: number): Corner => [(x - offset_x) / scale_x, (y - offset_y) / scale_y];
  return [at(0, height), at(0, 0), at(width, 0), at(width, height)];
}

/** Null if the slide cannot be placed. */
function cornersOfSlide({ toPixel, width, height }: Slide): Corners | null {
  const [a, b, c, d, e, f] = toPixel!;
  const area = a * e - b * d;
  if (!area) return null;
  const at = (x: number, y: number): Corner => [
    (e * (x - c) - b * (y - f)) / area,
    (a * (y - f) - d * (x - c)) / area,
  ];
  return [at(0, height), at(0, 0), at(width, 0), at(width, height)];
}

/** The last level, which is one tile. */
async function coarsest(slide: Slide, closed: AbortSignal): Promise<ImageBitmap> {
  const level = slide.levels.length - 1;
  if (slide.kind === 'channels') return mixed(slide, level, closed);
  return pictured(slide, level, closed);
}

async function pictured(slide: PictureSlide, level: number, closed: AbortSignal): Promise<ImageBitmap> {
  return decodeImage(await slide.picture(level, 0, 0, closed), slide.name, LARGEST);
}

/** The channels in their colours, added up. */
async function mixed(slide: ChannelSlide, level: number, closed: AbortSignal): Promise<ImageBitmap> {
  const { width, height } = slide.levels[level];
  const bytes = new Uint8ClampedArray(4 * width * height);
  for (let at = 3; at < bytes.length; at += 4) bytes[at] = 255;
  for (const [
    index,
    {
      color,
      window: [low, high],
    },
  ] of slide.channels.entries()) {
    const values = await slide.values(index, level, 0, 0, closed);
    const rgb = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
    for (let at = 0; at < width * height; at++) {
      const share = Math.min(1, Math.max(0, (values[at] - low) / (high - low || 1)));
      for (const each of [0, 1, 2]) bytes[4 * at + each] += share * rgb[each];
    }
  }
  return createImageBitmap(new ImageData(bytes, width, height));
}
