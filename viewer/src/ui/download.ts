import { LABEL_FONT, LONGEST_LABEL, type Label } from '../scene/labels/category_labels';
import type { Scene } from '../scene/scene';
import { MISSING } from '../state/filters';
import { formatCount, formatTick } from '../state/format';
import type { Session } from '../state/session';
import { fileStem, save } from './page/save';

const LEGEND_WIDTH = 220;
const ROW = 18;
const MARGIN = 16;
/** Letters of a name: to draw all of a very long one is slow. */
const LONGEST = 80;

/** Saves what the stage shows, with its legend beside it. */
export async function downloadPicture(session: Session, scene: Scene): Promise<void> {
  const picture = drawPicture(session, scene);
  const blob = await new Promise<Blob | null>((done) => picture.toBlob(done, 'image/png'));
  if (!blob) throw new Error('the picture is too large for this browser');
  const { label } = session.colouring.current.peek();
  save(blob, `${fileStem(session.bundle.name)}${label && `_${fileStem(label)}`}.png`);
}

function drawPicture(session: Session, scene: Scene): HTMLCanvasElement {
  const cells = scene.snapshot();
  const ratio = cells.width / cells.clientWidth;
  const picture = document.createElement('canvas');
  const { paint } = session.colouring.current.peek();
  const legendWidth = paint.kind === 'plain' ? 0 : LEGEND_WIDTH;
  picture.width = cells.width + legendWidth * ratio;
  picture.height = cells.height;
  const pen = picture.getContext('2d')!;
  const style = getComputedStyle(cells.parentElement!);
  pen.fillStyle = style.backgroundColor;
  pen.fillRect(0, 0, picture.width, picture.height);
  pen.drawImage(cells, 0, 0);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawLabels(pen, scene.labels.peek(), style);
  pen.setTransform(ratio, 0, 0, ratio, cells.width, 0);
  pen.font = `13px ${style.fontFamily}`;
  pen.textBaseline = 'middle';
  pen.fillStyle = style.color;
  if (legendWidth > 0)
    drawLegend(pen, session, cells.clientHeight, [style.color, style.getPropertyValue('--zero')]);
  return picture;
}

/** With a rim in the colour behind them, so that they can be read on cells of any colour. */
function drawLabels(
  pen: CanvasRenderingContext2D,
  labels: readonly Label[],
  style: CSSStyleDeclaration,
): void {
  pen.font = LABEL_FONT;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.lineJoin = 'round';
  pen.lineWidth = 4;
  pen.strokeStyle = style.backgroundColor;
  pen.fillStyle = style.color;
  for (const { text, x, y } of labels) {
    pen.strokeText(text, x, y, LONGEST_LABEL);
    pen.fillText(text, x, y, LONGEST_LABEL);
  }
  pen.textAlign = 'left';
}

type Pen = CanvasRenderingContext2D;

function drawLegend(pen: Pen, session: Session, height: number, [ink, zero]: [string, string]): void {
  const { paint, label } = session.colouring.current.peek();
  const colors = session.colouring.colors.peek();
  const width = LEGEND_WIDTH - 2 * MARGIN;
  pen.fillText(label, MARGIN, MARGIN + ROW / 2, width);
  const top = MARGIN + 1.5 * ROW;
  if (paint.kind === 'number') {
    colors.forEach((color, step) => {
      pen.fillStyle = color;
      pen.fillRect(MARGIN + (step / colors.length) * width, top, width / colors.length + 0.5, 12);
    });
    const [low, high] = session.colouring.range.peek().map(formatTick);
    pen.fillStyle = ink;
    pen.fillText(low, MARGIN, top + 24);
    pen.textAlign = 'right';
    pen.fillText(high, MARGIN + width, top + 24);
    pen.textAlign = 'left';
    if (session.colouring.hasGreyZeros.peek()) drawZero(pen, top + 24 + 1.5 * ROW, zero, ink);
  } else if (paint.kind === 'category') {
    const hidden = hiddenCodes(session);
    const room = Math.max(1, Math.floor((height - top - MARGIN) / ROW));
    const shown: number[] = [];
    for (let code = 0; code < paint.labels.length && shown.length <= room; code++)
      if (!hidden.has(code)) shown.push(code);
    const rows = shown.length > room ? shown.slice(0, room - 1) : shown;
    rows.forEach((code, row) => {
      const middle = top + (row + 0.5) * ROW;
      pen.fillStyle = colors[code];
      pen.beginPath();
      pen.arc(MARGIN + 6, middle, 6, 0, 2 * Math.PI);
      pen.fill();
      pen.fillStyle = ink;
      pen.fillText(paint.labels[code].slice(0, LONGEST), MARGIN + 20, middle, width - 20);
    });
    const off = hidden.size - Number(hidden.has(MISSING));
    const left = paint.labels.length - off - rows.length;
    if (left > 0) pen.fillText(`and ${formatCount(left)} more`, MARGIN + 20, top + (rows.length + 0.5) * ROW);
  }
}

/** What the grey cells are. */
function drawZero(pen: Pen, middle: number, color: string, ink: string): void {
  pen.fillStyle = color;
  pen.beginPath();
  pen.arc(MARGIN + 6, middle, 6, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = ink;
  pen.fillText('not expressed', MARGIN + 20, middle);
}

function hiddenCodes(session: Session): ReadonlySet<number> {
  const { by } = session.colouring.current.peek();
  return (by.by === 'column' && session.filters.hidden.peek().get(by.index)) || new Set();
}
