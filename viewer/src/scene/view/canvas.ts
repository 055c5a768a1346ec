import { Deck, type DeckProps } from '@deck.gl/core';
import type { DeckCamera } from './deck_camera';
import type { AnyView } from './view';

/** deck.gl, which can also draw at once: else new layers wait for the next frame. */
export class Canvas<Views extends AnyView | AnyView[] = AnyView> extends Deck<Views> {
  drawNow(): void {
    this.layerManager?.updateLayers();
    this.redraw('now');
  }
}

/** deck.gl on a canvas, moved by a camera. */
export function makeCanvas(
  canvas: HTMLCanvasElement,
  camera: DeckCamera,
  handlers: Pick<DeckProps<AnyView>, 'onAfterRender' | 'onError'>,
): Canvas {
  return new Canvas({
    canvas,
    width: '100%',
    height: '100%',
    views: camera.view.peek(),
    viewState: { target: [0, 0, 0], zoom: 0 },
    // Discs smooth their own edges, so multisampling would only cost time.
    deviceProps: { type: 'webgl', webgl: { antialias: false } },
    // Cells are found by Finder.
    _pickable: false,
    getCursor: ({ isDragging }) => (isDragging ? 'grabbing' : 'default'),
    // deck.gl makes the canvas a stop for Tab; the stage around it is one already, and has the name and the keys.
    onLoad: () => canvas.removeAttribute('tabindex'),
    onViewStateChange: ({ viewState }) => camera.follow(viewState),
    ...handlers,
  });
}
