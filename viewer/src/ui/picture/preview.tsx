import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Scene } from '../../scene/scene';
import type { FigureOptions } from '../../state/picture/figure_options';
import { countDiscs, pixelsOf, type Figure } from '../../state/picture/shapes';
import type { Session } from '../../state/session';
import { formatCount, formatCounted } from '../../state/texts/format';
import { compose, type Composed } from './compose';
import { draw, measureWith, type Pictures } from './draw';
import { JOURNAL_FONT } from './looks';
import { paintPictures } from './picture';

/** Choices that follow each other so fast are drawn once. */
const REST_MS = 30;
/** A circle as text, and all that is not cells. */
const [CIRCLE_BYTES, OTHER_BYTES] = [36, 8000];

/** Of a PNG with more pixels: most of it are rims. */
const GROWTH = 0.65;

/** The preview as a PNG. */
interface Small {
  readonly bytes: number;
  readonly pixels: number;
}

interface PreviewProps {
  session: Session;
  scene: Scene;
  title: string;
  options: FigureOptions;
}

/** The figure as it will be saved, drawn by the same code in the size of the dialog, and what the file will be like. */
export function Preview({ session, scene, title, options }: PreviewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painted = useRef<{ key: string; pictures: Pictures }>({ key: '', pictures: new Map() });
  const [about, setAbout] = useState('');
  /** Whether the preview shows the last choice. */
  const [isDrawn, setDrawn] = useState(false);
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const measure = useRef(measureWith(JOURNAL_FONT));

  useLayoutEffect(() => {
    const watched = frame.current!;
    const watch = new ResizeObserver(() =>
      setRoom({ width: watched.clientWidth - 2, height: watched.clientHeight - 2 }),
    );
    watch.observe(watched);
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    if (room.width <= 0) return;
    let isWanted = true;
    setDrawn(false);
    const show = async () => {
      const composed = await compose(session, scene, title, options, measure.current, () => isWanted);
      if (!composed) return;
      const { figure, cells, parts } = composed;
      const scale = Math.min(room.width / figure.width, room.height / figure.height);
      const dpi = ((scale * devicePixelRatio) / figure.unit) * 72;
      const key = JSON.stringify([
        cells.width,
        cells.height,
        scale,
        options.background,
        options.points,
        [...parts],
      ]);
      if (painted.current.key !== key) {
        // No coarser than the page, since points are no smaller than a pixel.
        const page = session.view.size.peek().width / cells.width;
        const fine = Math.min(composed.mostDpi, Math.max(dpi, (page * devicePixelRatio * 72) / figure.unit));
        const pictures = await paintPictures(scene, composed, fine);
        if (!isWanted) return;
        painted.current = { key, pictures };
      }
      const made = document.createElement('canvas');
      if (!(await draw(made, figure, dpi, painted.current.pictures, JOURNAL_FONT, () => isWanted))) return;
      const shown = canvas.current;
      if (!shown) return;
      [shown.width, shown.height] = [made.width, made.height];
      shown.style.width = `${made.width / devicePixelRatio}px`;
      shown.getContext('2d')!.drawImage(made, 0, 0);
      setAbout(describe(composed, null));
      setDrawn(true);
      made.toBlob(
        (png) =>
          isWanted &&
          png &&
          setAbout(describe(composed, { bytes: png.size, pixels: made.width * made.height })),
      );
    };
    const timer = setTimeout(() => {
      show().catch((error: unknown) => (session.problem.value = error));
    }, REST_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [session, scene, title, options, room]);

  return (
    <div class="drawn">
      <div ref={frame} class={`paper ${options.background}`}>
        <canvas ref={canvas} data-drawn={isDrawn} role="img" aria-label="Preview of the image" />
      </div>
      <p class="quiet" role="status">
        {about}
      </p>
    </div>
  );
}

/** Size of the file, and whether its cells are circles or pixels. */
function describe(composed: Composed, small: Small | null): string {
  const { figure, options, parts, mostDpi } = composed;
  const dpi = Math.min(options.dpi, mostDpi);
  const [width, height] = pixelsOf(figure, dpi);
  const said = [`${millimetres(figure.width, figure)} × ${millimetres(figure.height, figure)} mm`];
  const isSvg = options.format === 'svg';
  const nDiscs = pointsIn(figure);
  if (!isSvg || parts.size > 0) said.unshift(`${formatCount(width)} × ${formatCount(height)} pixels`);
  const grown = small && small.bytes * ((width * height) / small.pixels) ** GROWTH;
  const pictureBytes = parts.size > 0 ? grown && grown * (isSvg ? 4 / 3 : 1) : 0;
  if (pictureBytes !== null)
    said.push(`about ${bytesText(pictureBytes + (isSvg ? nDiscs * CIRCLE_BYTES + OTHER_BYTES : 0))}`);
  const sentences = [said.join(', ')];
  if (isSvg)
    sentences.push(
      parts.has('cells')
        ? 'The cells are an embedded picture: there are more than 50,000, or something that cannot be circles'
        : `${formatCounted(nDiscs, 'cell')} as circles${parts.size > 0 ? ', and a picture of what lies under or over them' : ''}`,
    );
  if (dpi < options.dpi && (!isSvg || parts.size > 0))
    sentences.push(`This browser cannot draw more than ${formatCount(mostDpi)} pixels per inch in this size`);
  if (composed.isCoarse(dpi))
    sentences.push('The tissue image is coarser than that: so many of its tiles would not fit into memory');
  return `${[...sentences, ...leftOutText(composed)].join('. ')}.`;
}

function leftOutText({ leftOut }: Composed): string[] {
  return leftOut.length > 0 ? [`Left out: ${leftOut.join(', ')}`] : [];
}

function pointsIn({ shapes }: Figure): number {
  return countDiscs(shapes.filter((each) => each.kind === 'group' && each.name === 'cells'));
}

function millimetres(length: number, { unit }: Figure): string {
  return String(Math.round(((length * unit) / 72) * 254) / 10);
}

function bytesText(bytes: number): string {
  return bytes < 1e6 ? `${formatCount(Math.ceil(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
