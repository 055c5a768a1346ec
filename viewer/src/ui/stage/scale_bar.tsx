import { scaleBarOf } from '../../state/picture/scale_bar';
import type { EmbeddingView } from '../../state/view/embedding_view';

/** A bar is no wider than this many pixels. */
const WIDEST = 140;

/** The scale bar of a tissue: in microns, or in the units of the file if their length is not known. */
export function ScaleBar({ view }: { view: EmbeddingView }) {
  const microns = view.micronsPerUnit.value;
  const camera = view.camera.value;
  if (!view.hasLengths.value || !camera) return null;
  const bar = scaleBarOf(camera.zoom, microns, Math.min(WIDEST, view.size.value.width / 3));
  if (!bar) return null;
  return (
    <div class="scale-bar" style={{ width: `${bar.width}px` }}>
      {bar.label}
    </div>
  );
}
