import type { Layer } from '@deck.gl/core';
import type { SceneSession } from '../../state/drawing/scene_session';
import type { DeckCamera } from '../view/deck_camera';

/** Slides, shapes and transcripts of the drawn embedding. */
export class TissueLayers {
  constructor(
    readonly session: SceneSession,
    readonly camera: DeckCamera,
  ) {}

  /** Under the cells. */
  below(): Layer[] {
    return [];
  }

  /** Over the cells. */
  above(): Layer[] {
    return [];
  }

  destroy(): void {
    // Each kind of layer frees its own.
  }
}
