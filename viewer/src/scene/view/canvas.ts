import { Deck } from '@deck.gl/core';
import type { AnyView } from './view';

/** deck.gl, which can also draw at once: else new layers wait for the next frame. */
export class Canvas extends Deck<AnyView> {
  drawNow(): void {
    this.layerManager?.updateLayers();
    this.redraw('now');
  }
}
