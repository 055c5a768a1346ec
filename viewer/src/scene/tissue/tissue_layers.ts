import type { Layer } from '@deck.gl/core';
import type { SceneSession } from '../../state/drawing/scene_session';
import type { Drawing } from '../figure/drawing';
import type { DeckCamera } from '../view/deck_camera';
import { ShapeLayers } from './shapes/shape_layers';
import { SlideLayers } from './slides/slide_layers';
import { TranscriptField } from './transcripts/transcript_field';
import { transcriptLayers } from './transcripts/transcript_layers';

/** Slides, shapes and transcripts of the drawn embedding. */
export class TissueLayers {
  readonly shapes: ShapeLayers;
  readonly slides: SlideLayers;
  readonly transcripts: TranscriptField;

  constructor(
    readonly session: SceneSession,
    readonly camera: DeckCamera,
  ) {
    this.shapes = new ShapeLayers(session, camera);
    this.slides = new SlideLayers(session, camera);
    this.transcripts = new TranscriptField(session, camera);
  }

  /** Under the cells, for the page or for a figure. */
  below(isFigure: boolean): Layer[] {
    return this.slides.layers(isFigure);
  }

  /** Over the cells. */
  above(drawing: Drawing, mask: Uint8Array<ArrayBuffer> | null): Layer[] {
    return [
      ...this.shapes.layers({ mask, colors: drawing.colors }),
      ...transcriptLayers(this.transcripts, this.session, drawing, this.camera.modelMatrix.value),
    ];
  }

  destroy(): void {
    this.shapes.destroy();
    this.transcripts.destroy();
  }
}
