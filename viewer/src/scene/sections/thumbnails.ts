import type { Layer } from '@deck.gl/core';
import { BitmapLayer } from '@deck.gl/layers';
import { signal, untracked } from '@preact/signals-core';
import { isAbort } from '../../bytes/shared';
import type { Session } from '../../state/session';
import { linear } from '../opacity';
import { boundsOf } from '../tissue/slides/level';
import { product } from '../tissue/slides/place';
import { OneTileLayer } from '../tissue/slides/tile_layer';
import { Pictures, type Picture, type Pictured } from './pictures';

/** Bytes of the pictures that are kept while their panels are out of sight. */
const MOST_NBYTES = 96 * 2 ** 20;

/** What is there of a section. */
interface Kept {
  /** Which picture it is. */
  readonly key: string;
  /** Null if the section has none, or if it could not be loaded at this attempt. */
  readonly picture: Picture | null;
  readonly failedAt: number | null;
}

/** Small pictures of the sections in sight: the coarsest level of a slide, or the image of the library. */
export class Thumbnails {
  readonly #here = signal<ReadonlyMap<number, Kept>>(new Map());
  readonly #pictures: Pictures;
  #wanted: readonly Pictured[] = [];
  #attempt = 0;
  #isLoading = false;
  #closing = new AbortController();

  constructor(private readonly session: Session) {
    this.#pictures = new Pictures(session);
  }

  /** Called anew whenever what it reads has changed. */
  want(sections: readonly number[]): void {
    this.#wanted = sections.map((section) => this.#pictures.of(section));
    this.#attempt = this.session.slides.settings.failures.attempt.value;
    untracked(() => void this.#load());
  }

  /** In the colours that the user has chosen. */
  layers(section: number, view: string, modelMatrix: Float32Array): Layer[] {
    const { appearance, slides } = this.session;
    const picture = this.#here.value.get(section)?.picture;
    if (!picture || !appearance.showImage.value) return [];
    const cover = appearance.imageOpacity.value;
    if (picture.kind === 'image')
      return [
        new BitmapLayer({
          id: `image ${view}`,
          image: picture.bitmap,
          bounds: picture.corners,
          opacity: linear(cover),
          parameters: { depthWriteEnabled: false },
          textureParameters: { minFilter: 'linear', magFilter: 'linear' },
          modelMatrix,
        }),
      ];
    const { slide, matrix, tiles } = picture;
    const look = slides.settings.lookOf(slide);
    return tiles.map(
      ({ at, content }) =>
        new OneTileLayer({
          id: `slide ${slides.all.indexOf(slide)} ${at.row} ${at.column} ${view}`,
          content,
          bounds: boundsOf(slide, at),
          look,
          cover,
          isSoft: true,
          modelMatrix: product(modelMatrix, matrix),
        }),
    );
  }

  destroy(): void {
    this.#closing.abort();
    for (const { picture } of this.#here.peek().values()) close(picture);
  }

  /** Loads one picture after another, and only after the points in sight. */
  async #load(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    const { signal: closed } = this.#closing;
    for (let next = this.#next(); next !== undefined && !closed.aborted; next = this.#next()) {
      const { section, key } = next;
      const attempt = this.#attempt;
      try {
        const picture = await this.#pictures.load(next, closed);
        if (!closed.aborted) this.#keep(section, { key, picture, failedAt: null });
      } catch (error) {
        if (isAbort(error) || closed.aborted) break;
        this.#keep(section, { key, picture: null, failedAt: attempt });
        if (this.session.slides.settings.failures.note(error)) this.session.report(error, 'image');
      }
    }
    this.#isLoading = false;
  }

  #next(): Pictured | undefined {
    const { points } = this.session.tissue.sections;
    return this.#wanted.find(({ section, key }) => {
      const known = this.#here.peek().get(section);
      const isOver = known?.key === key && (known.failedAt === null || known.failedAt >= this.#attempt);
      return !isOver && points.loaded.peek().get(section)?.is === 'here';
    });
  }

  #keep(section: number, made: Kept): void {
    const kept = new Map(this.#here.peek());
    close(kept.get(section)?.picture ?? null);
    // The last one is the one that was made last.
    kept.delete(section);
    kept.set(section, made);
    let total = [...kept.values()].reduce((sum, { picture }) => sum + (picture?.nBytes ?? 0), 0);
    for (const [other, { picture }] of kept) {
      if (total <= MOST_NBYTES) break;
      if (this.#wanted.some((each) => each.section === other)) continue;
      kept.delete(other);
      total -= picture?.nBytes ?? 0;
      close(picture);
    }
    this.#here.value = kept;
  }
}

/** Tiles of slides are shared with others who show them. */
function close(picture: Picture | null): void {
  if (picture?.kind === 'image') picture.bitmap.close();
}
