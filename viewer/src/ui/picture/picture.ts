import { ViewerError } from '../../bytes/errors';
import type { Scene } from '../../scene/scene';
import { formatCount } from '../../state/texts/format';
import type { FigureOptions } from '../../state/picture/figure_options';
import { pixelsOf, scaleOf } from '../../state/picture/shapes';
import { svgText } from '../../state/picture/svg';
import type { Session } from '../../state/session';
import { fileStem, save } from '../page/save';
import { compose, type Composed } from './compose';
import { draw, measureWith, type Pictures } from './draw';
import { JOURNAL_FONT, LOOKS } from './looks';
import { pngBlob } from './png_blob';

/** Draws the pictures of a figure with so many pixels to an inch. Each time, the page's own picture is drawn anew. */
export async function paintPictures(
  scene: Scene,
  { figure, options, cells, parts }: Composed,
  dpi: number,
): Promise<Pictures> {
  const { colors } = LOOKS[options.background];
  const scale = scaleOf(figure.unit, dpi);
  if ([...parts.values()].some((some) => some.includes('images')))
    await scene.slides.loadFigure(cells, scale);
  try {
    const look = { colors, points: options.points };
    return new Map([...parts].map(([what, some]) => [what, scene.paint(cells, scale, look, some)]));
  } finally {
    scene.slides.endFigure();
  }
}

/** Saves a figure as a file. */
export async function saveFigure(
  session: Session,
  scene: Scene,
  title: string,
  options: FigureOptions,
): Promise<void> {
  const composed = await compose(session, scene, title, options, measureWith(JOURNAL_FONT), () => true);
  if (!composed) return;
  const { figure, mostDpi } = composed;
  const dpi = Math.min(options.dpi, mostDpi);
  const { label } = session.colouring.current.peek();
  const name = `${fileStem(session.bundle.name)}${label && `_${fileStem(label)}`}.${options.format}`;
  const pictures = await paintPictures(scene, composed, dpi);
  try {
    if (options.format === 'svg') {
      const urls = await Promise.all(
        [...pictures].map(async ([what, canvas]) => {
          const png = await pngBlob(canvas as HTMLCanvasElement, dpi);
          return [what, await dataUrl(png)] as const;
        }),
      );
      save(svgText(figure, JOURNAL_FONT, new Map(urls)), name);
    } else {
      const canvas = document.createElement('canvas');
      await draw(canvas, figure, dpi, pictures, JOURNAL_FONT);
      save(await pngBlob(canvas, dpi), name);
    }
  } catch (cause) {
    const [width, height] = pixelsOf(figure, dpi);
    throw new ViewerError(
      `An image of ${formatCount(width)} × ${formatCount(height)} pixels is too large for this browser.`,
      'Choose fewer pixels per inch, or a smaller size.',
      { cause },
    );
  }
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result as string);
    reader.onerror = () => fail(reader.error ?? new Error('the picture cannot be read'));
    reader.readAsDataURL(blob);
  });
}
