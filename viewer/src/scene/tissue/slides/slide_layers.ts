import type { Layer } from '@deck.gl/core';
import { isAbort } from '../../../bytes/shared';
import { MOST_SLIDES, type PlacedSlide } from '../../../state/drawing/slides';
import type { SceneSession } from '../../../state/drawing/scene_session';
import type { Size } from '../../../state/view/camera';
import { largestInView } from '../../image';
import type { DeckCamera } from '../../view/deck_camera';
import { boundsOf } from './level';
import { applied, boxOf, product, toEmbedding, type Matrix } from './place';
import { SlideLayer } from './slide_layer';
import { OneTileLayer } from './tile_layer';
import { TileSource, type Tile } from './tile_source';
import { tileOf, tilesetOf } from './tileset';
import { isCoarse, loadFigure, type FigureSlide, type FigureTile } from './figure_tiles';

/** Tiles on the graphics card, of all slides. */
const SHOWN_NBYTES = 256 * 2 ** 20;
/** Requests of one slide at a time. */
const AT_ONCE = 6;

/** The slides under the shown cells, each with the tiles that are in view. */
export class SlideLayers {
  readonly #source = new TileSource();
  readonly #tilesets = new Map<number, ReturnType<typeof tilesetOf>>();
  /** The tiles of a figure that is about to be drawn. */
  #figure: readonly FigureTile[] = [];

  constructor(
    readonly session: SceneSession,
    readonly camera: DeckCamera,
  ) {}

  /** Whether slides are drawn. */
  get areShown(): boolean {
    return this.#drawn().length > 0;
  }

  /** Loads what a frame shows with `scale` pixels for each of its own. */
  async loadFigure(size: Size, scale: number): Promise<void> {
    const framed = this.camera.framed(size);
    this.#figure = framed ? await loadFigure(this.#ofFigure(), { framed, scale, ...size }, this.#source) : [];
  }

  /** Whether the slides are coarser than a figure. */
  isCoarse(size: Size, scale: number): boolean {
    const framed = this.camera.framed(size);
    return framed !== null && isCoarse(this.#ofFigure(), { framed, scale, ...size });
  }

  #ofFigure(): FigureSlide[] {
    const { slides } = this.session;
    return this.#drawn().map((each) => {
      const slide = slides.all[each];
      return { slide, matrix: this.#matrixOf(slide), channels: slides.settings.channelsOn(slide) };
    });
  }

  /** Lets go of the tiles of a figure. */
  endFigure(): void {
    this.#figure = [];
  }

  /** Numbers of the slides to draw. */
  #drawn(): readonly number[] {
    const { slides, appearance } = this.session;
    const all = slides.drawn.value;
    if (!appearance.showImage.value) return [];
    if (all.length <= MOST_SLIDES) return all;
    const { visible, embedding } = this.session.view;
    if (!visible.value) return [];
    const box = (each: number) => {
      const slide = slides.all[each];
      const matrix = toEmbedding(slide, embedding.value!.info.origin);
      return boxOf(slide.width, slide.height, (x, y) => applied(matrix, x, y));
    };
    return largestInView(all, box, visible.value, MOST_SLIDES);
  }

  /** From pixels of the full size to what the view shows. */
  #matrixOf(slide: PlacedSlide): Matrix {
    const { origin } = this.session.view.embedding.value!.info;
    return product(this.camera.modelMatrix.value, toEmbedding(slide, origin));
  }

  /** For the page. While a figure is drawn, these layers wait, and those of the figure are drawn. */
  layers(isFigure: boolean): Layer[] {
    const drawn = this.#drawn();
    const waiting = drawn.map((each) => this.#layer(each, drawn.length, !isFigure));
    return isFigure ? [...waiting, ...this.#figureLayers()] : waiting;
  }

  #layer(number: number, nSlides: number, visible: boolean): Layer {
    const { slides, appearance } = this.session;
    const slide = slides.all[number];
    const look = slides.settings.lookOf(slide);
    const channels = look.channels.map((each) => each.number);
    return new SlideLayer({
      id: `slide-${number}`,
      data: [],
      visible,
      slide,
      look,
      cover: appearance.imageOpacity.value,
      attempt: slides.settings.failures.attempt.value,
      TilesetClass: this.#tileset(number, slide),
      tileSize: slide.tile,
      minZoom: 1 - slide.levels.length,
      maxZoom: 0,
      extent: [0, 0, slide.width, slide.height],
      // A parent and its children at once would be drawn one over the other.
      refinementStrategy: 'no-overlap',
      maxRequests: AT_ONCE,
      maxCacheByteSize: SHOWN_NBYTES / nSlides,
      getTileData: ({ index, signal }) => this.#load(slide, tileOf(index), channels, signal),
      updateTriggers: { getTileData: channels.join() },
      onTileError: (error: Error) => this.#fail(error),
      modelMatrix: this.#matrixOf(slide),
    });
  }

  async #load(
    slide: PlacedSlide,
    at: ReturnType<typeof tileOf>,
    channels: readonly number[],
    signal?: AbortSignal,
  ): Promise<Tile> {
    const { loading } = this.session.slides.settings;
    loading.value++;
    try {
      return await this.#source.tile(slide, at, channels, signal);
    } finally {
      loading.value--;
    }
  }

  #fail(error: Error): void {
    if (isAbort(error)) return;
    const isNews = this.session.slides.settings.failures.note(error);
    if (isNews) void this.session.during('image', 'Loading the image', () => Promise.reject(error));
  }

  #tileset(number: number, slide: PlacedSlide): ReturnType<typeof tilesetOf> {
    let made = this.#tilesets.get(number);
    if (!made) this.#tilesets.set(number, (made = tilesetOf(slide)));
    return made;
  }

  #figureLayers(): Layer[] {
    const { slides, appearance } = this.session;
    return this.#figure.map(
      ({ slide, at, content }) =>
        new OneTileLayer({
          id: `figure-${slides.all.indexOf(slide)}-${at.level}-${at.row}-${at.column}`,
          content,
          bounds: boundsOf(slide, at),
          look: slides.settings.lookOf(slide),
          cover: appearance.imageOpacity.value,
          modelMatrix: this.#matrixOf(slide),
        }),
    );
  }
}
