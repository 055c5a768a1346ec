import { BitmapLayer } from '@deck.gl/layers';
import { computed, effect, signal } from '@preact/signals-core';
import { MOST_PIXELS } from '../bundle/pictures';
import { MOST_IMAGES } from '../state/drawing/images';
import type { SceneSession } from '../state/drawing/scene_session';
import { decodeImage, imageBounds, largestInView } from './image';
import { linear } from './opacity';
import type { DeckCamera } from './view/deck_camera';

/** Loads and draws the tissue images that lie under the shown cells and are in view. */
export class TissueImages {
  /** By path, since several sections may lie on one image. */
  readonly #bitmaps = signal<ReadonlyMap<string, ImageBitmap>>(new Map());
  readonly #failed = new Set<string>();
  #isLoading = false;
  readonly #stop: (() => void)[] = [];

  /** Numbers of the images to draw. */
  readonly #drawn = computed(() => {
    const { images, view, appearance, slides } = this.session;
    const [shown, visible] = [view.embedding.value, view.visible.value];
    if (!appearance.showImage.value || !shown || !visible) return [];
    const all = images.shown.value.filter((each) => !slides.replaces(images.image(each)));
    return largestInView(all, (each) => imageBounds(images.image(each), shown.info), visible, MOST_IMAGES);
  });
  /** Changes only with the set of images to draw, not whenever the camera moves. */
  readonly #wanted = computed(() => this.#drawn.value.join());

  constructor(
    private readonly session: SceneSession,
    private readonly camera: DeckCamera,
  ) {
    this.#stop.push(
      effect(() => {
        if (session.images.here.value.some((each) => session.images.image(each).cells))
          void session.during('image', 'Loading which cells the images belong to', () =>
            session.images.load(),
          );
      }),
      effect(() => {
        if (this.#wanted.value !== '') void this.#load();
      }),
    );
  }

  layers(): BitmapLayer[] {
    const { images, view, appearance } = this.session;
    const { info } = view.embedding.value!;
    return this.#drawn.value.flatMap((each) => {
      const bitmap = this.#bitmaps.value.get(images.image(each).path);
      if (!bitmap) return [];
      return new BitmapLayer({
        id: `image-${each}`,
        image: bitmap,
        bounds: imageBounds(images.image(each), info),
        opacity: linear(appearance.imageOpacity.value),
        modelMatrix: this.camera.modelMatrix.value,
        // Else each layer would be slightly nearer than the one before, and the second image would hide cells.
        parameters: { depthWriteEnabled: false },
        textureParameters: { minFilter: 'linear', magFilter: 'linear' },
      });
    });
  }

  destroy(): void {
    for (const stop of this.#stop) stop();
  }

  /** Loads one image after another, since decoding takes the most memory. */
  async #load(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    for (let path = this.#next(); path !== undefined; path = this.#next()) {
      await this.session.during('image', 'Loading the image', () => this.#loadOne(path));
      if (!this.#bitmaps.peek().has(path)) this.#failed.add(path);
    }
    this.#isLoading = false;
  }

  #next(): string | undefined {
    const paths = this.#drawn.peek().map((each) => this.session.images.image(each).path);
    return paths.find((path) => !this.#bitmaps.peek().has(path) && !this.#failed.has(path));
  }

  async #loadOne(path: string): Promise<void> {
    const { bundle, images } = this.session;
    const together = Math.min(MOST_IMAGES, images.areChosen.peek() ? 1 : images.here.peek().length);
    const largest = Math.min(largestTexture(), Math.floor(Math.sqrt(MOST_PIXELS / Math.max(1, together))));
    const bitmap = await decodeImage(await bundle.file(path), path, largest);
    this.#bitmaps.value = this.#withRoom(path, bitmap);
  }

  /** Adds an image; drops those that are not drawn if all together would be too large. */
  #withRoom(path: string, bitmap: ImageBitmap): ReadonlyMap<string, ImageBitmap> {
    const kept = new Map([...this.#bitmaps.peek(), [path, bitmap]]);
    const drawn = new Set(this.#drawn.peek().map((each) => this.session.images.image(each).path));
    for (const [other, { width, height }] of kept) {
      const total = [...kept.values()].reduce((sum, each) => sum + each.width * each.height, 0);
      if (total <= MOST_PIXELS || width * height === 0) break;
      if (!drawn.has(other) && other !== path) kept.delete(other);
    }
    return kept;
  }
}

let largestKnown = 0;

/** Measured once: each time takes a WebGL context, of which a page may have few. */
function largestTexture(): number {
  if (largestKnown > 0) return largestKnown;
  const gl = document.createElement('canvas').getContext('webgl2');
  largestKnown = gl ? (gl.getParameter(gl.MAX_TEXTURE_SIZE) as number) : 4096;
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return largestKnown;
}
