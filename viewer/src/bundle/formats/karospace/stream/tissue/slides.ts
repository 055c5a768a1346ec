import { packedAtMost } from '../../../../../bytes/bounded';
import { ViewerError } from '../../../../../bytes/errors';
import type { Bytes, Files } from '../../../../../bytes/files';
import { inflate } from '../../../../../bytes/gzip';
import { sizeOfImage } from '../../../../../bytes/image_size';
import { byteLength, decodeNumbers } from '../../../../../bytes/numbers';
import { sizeOfTile, type ChannelSlide, type PictureSlide, type Slide } from '../../../../tissue';
import type { Atlas } from '../schema';
import { checkSlide } from './check_slide';
import { OmeZarr } from './ome_zarr';

type Described = Atlas['slides'][number];
type Of<K extends Described['kind']> = Extract<Described, { kind: K }>;

/** Bytes of a compressed picture for each of its pixels, and for its header: no tile needs more. */
const [MOST_PER_PIXEL, MOST_HEADER] = [8, 65_536];

/** The slides of the atlas, once they are known to be what they state. */
export function readSlides(files: Files, atlas: Atlas): Slide[] {
  return atlas.slides.map((slide, number) => {
    checkSlide(slide, number, atlas);
    if (slide.kind === 'rgb') return pictureSlide(files, slide);
    return slide.kind === 'channels' ? channelSlide(files, slide) : remoteSlide(slide);
  });
}

function common({ name, section, embedding, width, height, tile, levels, ...slide }: Described) {
  return {
    ...{ name, section, embedding, width, height, tile, levels },
    toPixel: slide.to_pixel,
    micronsPerPixel: slide.microns_per_pixel ?? null,
  };
}

function pictureSlide(files: Files, slide: Of<'rgb'>): PictureSlide {
  const made: PictureSlide = {
    ...common(slide),
    kind: 'rgb',
    picture: async (level, row, column, signal) => {
      const path = pathOf(slide.path, level, row, column);
      const size = sizeOfTile(made, level, row, column);
      const most = MOST_HEADER + MOST_PER_PIXEL * size.width * size.height;
      const bytes = await files.get(path, { most, signal });
      checkTile(bytes, path, size);
      return bytes;
    },
  };
  return made;
}

function channelSlide(files: Files, slide: Of<'channels'>): ChannelSlide {
  const { dtype, channels } = slide;
  const made: ChannelSlide = {
    ...common(slide),
    kind: 'channels',
    channels,
    values: async (channel, level, row, column, signal) => {
      const path = pathOf(channels[channel].path, level, row, column);
      const { width, height } = sizeOfTile(made, level, row, column);
      const plain = byteLength(dtype, width * height);
      const stored = await files.get(path, { most: packedAtMost(plain), signal });
      return decodeNumbers(await inflate(stored, path, plain), dtype, width * height, path);
    },
  };
  return made;
}

function remoteSlide(slide: Of<'ome-zarr'>): ChannelSlide {
  const url = new URL(slide.url);
  const image = new OmeZarr(url, slide.levels, slide.channels.length);
  const { channels, tile } = slide;
  return {
    ...common(slide),
    kind: 'channels',
    channels,
    elsewhere: url,
    values: (channel, level, row, column, signal) =>
      image.values(
        { channel, level, top: row * tile, left: column * tile },
        sizeOfTile(slide, level, row, column),
        signal,
      ),
  };
}

function pathOf(pattern: string, level: number, row: number, column: number): string {
  const numbers: Readonly<Record<string, number>> = { level, row, column };
  return pattern.replace(/\{(level|row|column)\}/g, (_, name: string) => String(numbers[name]));
}

/** Before decoding: a picture of another size would not lie where it belongs, or fill the memory. */
function checkTile(bytes: Bytes, path: string, { width, height }: { width: number; height: number }): void {
  const size = sizeOfImage(bytes);
  if (size?.width === width && size.height === height) return;
  const found = size ? `has ${size.width} × ${size.height} pixels` : 'is no picture that this page knows';
  throw new ViewerError(
    `The tile ${path} ${found}, but must have ${width} × ${height}.`,
    'The bundle is damaged, or a mixture of two exports: export it again.',
  );
}
