import { ByteCache } from '../../../bytes/cache';
import { ViewerError } from '../../../bytes/errors';
import type { Numbers } from '../../../bytes/numbers';
import { sizeOfTile, type ChannelSlide, type PictureSlide, type Slide } from '../../../bundle/tissue';
import type { TileAt } from './level';

interface AnyTile {
  readonly width: number;
  readonly height: number;
  /** In memory, for the cache of deck.gl. */
  readonly byteLength: number;
}
export interface PictureTile extends AnyTile {
  readonly kind: 'rgb';
  readonly bitmap: ImageBitmap;
}
/** Values that a graphics card can hold. */
export type Texels = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
export interface ChannelTile extends AnyTile {
  readonly kind: 'channels';
  /** One after the other, in the order of `channels`. */
  readonly values: Texels;
  /** Numbers of the channels. */
  readonly channels: readonly number[];
}
export type Tile = PictureTile | ChannelTile;

const CACHE_NBYTES = 192 * 2 ** 20;

/** Loads and decodes tiles, and keeps those that were needed last, channel by channel. */
export class TileSource {
  readonly #cache = new ByteCache(CACHE_NBYTES);
  readonly #numbers = new Map<Slide, number>();

  async tile(slide: Slide, at: TileAt, channels: readonly number[], signal?: AbortSignal): Promise<Tile> {
    return slide.kind === 'rgb'
      ? this.#picture(slide, at, signal)
      : this.#values(slide, at, channels, signal);
  }

  #picture(slide: PictureSlide, at: TileAt, signal?: AbortSignal): Promise<PictureTile> {
    const load = async (shared: AbortSignal): Promise<PictureTile> => {
      const bytes = await slide.picture(at.level, at.row, at.column, shared);
      const bitmap = await decoded(bytes, slide.name);
      const { width, height } = bitmap;
      return { kind: 'rgb', bitmap, width, height, byteLength: 4 * width * height };
    };
    return this.#cache.get(this.#key(slide, at), load, signal);
  }

  async #values(
    slide: ChannelSlide,
    at: TileAt,
    channels: readonly number[],
    signal?: AbortSignal,
  ): Promise<ChannelTile> {
    const { width, height } = sizeOfTile(slide, at.level, at.row, at.column);
    const loaded = await Promise.all(
      channels.map((channel) =>
        this.#cache.get(
          `${this.#key(slide, at)} ${channel}`,
          (shared) => slide.values(channel, at.level, at.row, at.column, shared),
          signal,
        ),
      ),
    );
    const values = joined(loaded.map(texelsOf), width * height);
    return { kind: 'channels', values, channels, width, height, byteLength: values.byteLength };
  }

  #key(slide: Slide, { level, row, column }: TileAt): string {
    let number = this.#numbers.get(slide);
    if (number === undefined) this.#numbers.set(slide, (number = this.#numbers.size));
    return `${number} ${level} ${row} ${column}`;
  }
}

async function decoded(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(new Blob([bytes]), { premultiplyAlpha: 'none' });
  } catch (cause) {
    throw new ViewerError(
      `A tile of the image “${name}” could not be decoded by this browser.`,
      'It is damaged: copy the bundle again, or export it again.',
      { cause },
    );
  }
}

function texelsOf(values: Numbers): Texels {
  if (values instanceof Uint8Array || values instanceof Uint16Array) return values;
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

function joined(all: readonly Texels[], count: number): Texels {
  // One texel stands for no channel, since a texture must have some.
  const Kind = (all[0]?.constructor ?? Uint8Array) as new (length: number) => Texels;
  const whole = new Kind(Math.max(1, all.length) * count);
  all.forEach((each, at) => whole.set(each, at * count));
  return whole;
}
