import { ViewerError } from '../../bytes/errors';
import type { Scene } from '../../scene/scene';
import { cellsText } from '../../state/texts/cells_text';
import { formatCount } from '../../state/texts/format';
import { layOut } from '../../state/picture/layout';
import { pictureLegend } from '../../state/picture/legend';
import { scaleBarOf } from '../../state/picture/scale_bar';
import type { Session } from '../../state/session';
import { embeddingNames } from '../../state/view/embedding_names';
import { fileStem, save } from '../page/save';
import { COLORS } from '../stage/colors';
import { draw, measureWith } from './draw';

export interface PictureOptions {
  readonly title: string;
  /** Picture pixels per CSS pixel. */
  readonly scale: number;
  readonly theme: 'light' | 'dark';
  readonly legend: boolean;
  readonly scaleBar: boolean;
}

/** A scale bar is no wider than this share of the cells. */
const BAR_SHARE = 0.2;

/** Saves what the stage shows as a PNG, with its title, legend and scale bar. */
export async function savePicture(session: Session, scene: Scene, options: PictureOptions): Promise<void> {
  const canvas = drawPicture(session, scene, options);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) {
    throw new ViewerError(
      `An image of ${formatCount(canvas.width)} × ${formatCount(canvas.height)} pixels is too large for this browser.`,
      'Choose fewer pixels.',
    );
  }
  const { label } = session.colouring.current.peek();
  save(blob, `${fileStem(session.bundle.name)}${label && `_${fileStem(label)}`}.png`);
}

/** The line below the title: the colouring, the cells, the embedding. */
export function subtitleOf(session: Session): string {
  const { bundle, colouring, view } = session;
  const { label } = colouring.current.peek();
  const embedding = view.embedding.peek();
  return [label, cellsText(session), embedding ? embeddingNames(bundle.embeddings)[embedding.index] : '']
    .filter((part) => part !== '')
    .join(' · ');
}

function drawPicture(session: Session, scene: Scene, options: PictureOptions): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const colors = COLORS[options.theme];
  const legend = options.legend ? pictureLegend(session) : null;
  const size = session.view.size.peek();
  const layout = layOut(
    { title: options.title, subtitle: subtitleOf(session), legend, size },
    measureWith(canvas),
  );
  const zoom = session.view.camera.peek()?.zoom;
  const microns = session.view.micronsPerUnit.peek();
  const scaleBar =
    options.scaleBar && microns !== null && zoom !== undefined
      ? scaleBarOf(zoom, microns, size.width * BAR_SHARE)
      : null;
  scene.withPicture(options.scale, colors, (cells) =>
    draw(canvas, {
      layout,
      cells,
      labels: scene.labels.peek(),
      bar: legend?.bar?.colors ?? [],
      scaleBar,
      colors,
      scale: options.scale,
    }),
  );
  return canvas;
}
