import type { ImageInfo } from '../../bundle/bundle';
import { mapParallel } from '../../bytes/parallel';
import type { PlacedSlide } from '../../state/drawing/slides';
import type { Session } from '../../state/session';
import { decodeImage } from '../image';
import { tilesOfLevel, type TileAt } from '../tissue/slides/level';
import { toEmbedding, type Matrix } from '../tissue/slides/place';
import { TileSource, type Tile } from '../tissue/slides/tile_source';

/** Pixels of the longer side of an image in a panel. */
const LARGEST = 640;
/** The coarsest level of a slide elsewhere may be large: a panel takes no more of its tiles. */
const MOST_TILES = 16;

type Corner = [number, number];
/** Lower left, upper left, upper right, lower right in pixels of the image, as deck.gl wants corners. */
type Corners = [Corner, Corner, Corner, Corner];

interface ImagePicture {
  readonly kind: 'image';
  readonly bitmap: ImageBitmap;
  /** Relative to the minimum of the section. */
  readonly corners: Corners;
  readonly nBytes: number;
}
interface SlidePicture {
  readonly kind: 'slide';
  readonly slide: PlacedSlide;
  /** From pixels of the full size to coordinates relative to the minimum of the section. */
  readonly matrix: Matrix;
  readonly tiles: readonly { readonly at: TileAt; readonly content: Tile }[];
  readonly nBytes: number;
}
/** What a panel shows under its cells. */
export type Picture = ImagePicture | SlidePicture;

/** Which picture a section has. */
export interface Pictured {
  readonly section: number;
  /** Changes if another must be loaded. */
  readonly key: string;
  readonly slide: PlacedSlide | null;
}

/** The pictures of the panels of a grid. */
export class Pictures {
  readonly #source = new TileSource();

  constructor(private readonly session: Session) {}

  of(section: number): Pictured {
    const { slides, tissue } = this.session;
    const own = slides
      .inPanels(tissue.sections.info!.embedding)
      .filter((each) => slides.all[each].section === section);
    const [number] = slides.allowed(slides.chosen(own));
    if (number === undefined) return { section, key: 'image', slide: null };
    const slide = slides.all[number];
    return { section, key: `${number} ${slides.settings.channelsOn(slide).join()}`, slide };
  }

  /** Null for none. */
  async load({ section, slide }: Pictured, closed: AbortSignal): Promise<Picture | null> {
    const { items } = this.session.tissue.sections.info!;
    const { minimum } = items[section];
    if (!minimum) return null;
    return slide ? this.#ofSlide(slide, minimum, closed) : this.#ofLibrary(section, minimum, closed);
  }

  async #ofSlide(
    slide: PlacedSlide,
    minimum: readonly number[],
    closed: AbortSignal,
  ): Promise<SlidePicture | null> {
    const all = tilesOfLevel(slide, slide.levels.length - 1);
    if (all.length > MOST_TILES) return null;
    const channels = this.session.slides.settings.channelsOn(slide);
    const tiles = await mapParallel(all, async (at) => ({
      at,
      content: await this.#source.tile(slide, at, channels, closed),
    }));
    const nBytes = tiles.reduce((sum, { content }) => sum + content.byteLength, 0);
    return { kind: 'slide', slide, matrix: toEmbedding(slide, minimum), tiles, nBytes };
  }

  async #ofLibrary(
    section: number,
    [left, top]: readonly number[],
    closed: AbortSignal,
  ): Promise<ImagePicture | null> {
    const { bundle, tissue } = this.session;
    const { column, items } = tissue.sections.info!;
    const image = imageOf(bundle.images, column, items[section].name);
    if (!image) return null;
    const bitmap = await decodeImage(await bundle.file(image.path, closed), image.path, LARGEST);
    const corners = cornersOf(image).map(([x, y]): Corner => [x - left, y - top]) as Corners;
    return { kind: 'image', bitmap, corners, nBytes: 4 * bitmap.width * bitmap.height };
  }
}

/** The image of the cells of one section. */
function imageOf(images: readonly ImageInfo[], column: string, name: string | null): ImageInfo | undefined {
  return images.find(
    ({ cells, placement }) => placement && cells?.column === column && cells.category === name,
  );
}

function cornersOf({ width, height, placement }: ImageInfo): Corners {
  const { scale_x, scale_y, offset_x, offset_y } = placement!;
  const at = (x: number, y: number): Corner => [(x - offset_x) / scale_x, (y - offset_y) / scale_y];
  return [at(0, height), at(0, 0), at(width, 0), at(width, height)];
}
