import type { Layer } from '@deck.gl/core';
import { parseColor } from '../../../state/colouring/contrast';
import type { SceneSession } from '../../../state/drawing/scene_session';
import type { Drawing } from '../../figure/drawing';
import type { TranscriptField } from './transcript_field';
import { TranscriptsLayer } from './transcripts_layer';

/** Diameter of a point at first, in pixels; it grows slowly as the view zooms in. */
const LEAST = 2.4;
const MOST = 9;
const GROWTH = 0.3;
/** Smaller points have no rim: it would hide those beside them. */
const RIM_FROM = 3.2;

/** The layers of all chosen genes. Reads signals. */
export function transcriptLayers(
  field: TranscriptField,
  { view, transcripts }: SceneSession,
  { unit, colors }: Drawing,
  modelMatrix: Float32Array | null,
): Layer[] {
  const [camera, fit] = [view.camera.value, view.fit.value];
  const grown = LEAST * 2 ** (GROWTH * Math.max(0, (camera?.zoom ?? 0) - (fit?.zoom ?? 0)));
  const diameter = Math.min(MOST, grown) * transcripts.size.value;
  return field.drawn.value.map(
    ({ gene, nodes, color }) =>
      new TranscriptsLayer({
        id: `transcripts-${gene}`,
        nodes,
        color: parseColor(color),
        rimColor: colors.stage,
        diameter: diameter * unit,
        modelMatrix,
        rim: diameter >= RIM_FROM ? 0.8 * unit : 0,
      }),
  );
}
