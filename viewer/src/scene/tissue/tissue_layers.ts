import type { Layer } from '@deck.gl/core';
import type { SceneSession } from '../../state/drawing/scene_session';
import type { Drawing } from '../figure/drawing';
import type { DeckCamera } from '../view/deck_camera';
import { TranscriptField } from './transcripts/transcript_field';
import { transcriptLayers } from './transcripts/transcript_layers';

/** Slides, shapes and transcripts of the drawn embedding. */
export class TissueLayers {
  readonly transcripts: TranscriptField;

  constructor(
    readonly session: SceneSession,
    readonly camera: DeckCamera,
  ) {
    this.transcripts = new TranscriptField(session, camera);
  }

  /** Under the cells. */
  below(): Layer[] {
    return [];
  }

  /** Over the cells. */
  above(drawing: Drawing): Layer[] {
    return transcriptLayers(this.transcripts, this.session, drawing);
  }

  destroy(): void {
    this.transcripts.destroy();
  }
}
