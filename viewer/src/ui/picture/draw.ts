import {
  LABEL_FONT,
  LABEL_PADDING,
  SMALL_LABEL_FONT,
  SMALL_LABEL_PADDING,
  type Label,
} from '../../scene/labels/category_labels';
import type { SceneColors } from '../../scene/scene';
import { mix } from '../../state/genes/blend';
import type { Swatch } from '../../state/picture/legend';
import type { PictureLayout } from '../../state/picture/layout';
import { MARGIN, SWATCH, TEXT, type Box } from '../../state/picture/placed';
import type { ScaleBar } from '../../state/picture/scale_bar';
import { fit, type Measure } from '../../state/picture/texts';

type Pen = CanvasRenderingContext2D;

export interface Drawn {
  readonly layout: PictureLayout;
  readonly cells: CanvasImageSource;
  readonly labels: readonly Label[];
  /** Colours of the legend's bar, from low to high. */
  readonly bar: readonly string[];
  readonly scaleBar: ScaleBar | null;
  readonly colors: SceneColors;
  /** Picture pixels per CSS pixel. */
  readonly scale: number;
}

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';

/** Measures the width of texts in the fonts of the picture. */
export function measureWith(canvas: HTMLCanvasElement): Measure {
  const pen = canvas.getContext('2d')!;
  return (text, size, bold) => {
    pen.font = fontOf(size, bold);
    return pen.measureText(text).width;
  };
}

/** Draws the whole picture: cells, names over them, title, legend, scale bar. */
export function draw(canvas: HTMLCanvasElement, drawn: Drawn): void {
  const { layout, colors, scale } = drawn;
  canvas.width = Math.round(layout.width * scale);
  canvas.height = Math.round(layout.height * scale);
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = css(colors.stage);
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const { cells } = layout;
  // At whole pixels, since cells would be blurred in between.
  pen.drawImage(drawn.cells, Math.round(cells.x * scale), Math.round(cells.y * scale));
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.textBaseline = 'middle';
  drawLabels(pen, drawn.labels, cells, colors);
  drawTexts(pen, layout, css(colors.ink));
  for (const { swatch, x, y } of layout.swatches) {
    pen.fillStyle = colorOf(swatch, colors);
    pen.beginPath();
    pen.arc(x, y, SWATCH, 0, 2 * Math.PI);
    pen.fill();
  }
  for (const { shares, x, y, width, height } of layout.tiles) {
    pen.fillStyle = css(mix(shares, colors));
    // Half a pixel more, which the next tile covers, leaves no seam.
    pen.fillRect(x, y - 0.5, width + 0.5, height + 0.5);
  }
  if (layout.bar) drawBar(pen, layout.bar, drawn.bar);
  if (drawn.scaleBar) drawScaleBar(pen, drawn.scaleBar, cells, colors);
}

function drawTexts(pen: Pen, { texts }: PictureLayout, ink: string): void {
  pen.fillStyle = ink;
  for (const { text, x, y, size, bold, align } of texts) {
    pen.font = fontOf(size, bold);
    pen.textAlign = align;
    pen.fillText(text, x, y);
  }
}

/** Draws names with a rim in the background colour, so that they are legible on cells of any colour. */
function drawLabels(pen: Pen, labels: readonly Label[], cells: Box, { stage, ink }: SceneColors): void {
  pen.save();
  pen.beginPath();
  pen.rect(cells.x, cells.y, cells.width, cells.height);
  pen.clip();
  pen.textAlign = 'center';
  pen.lineJoin = 'round';
  pen.lineWidth = 4;
  pen.strokeStyle = css(stage);
  pen.fillStyle = css(ink);
  for (const { text, x, y, width, isSmall } of labels) {
    pen.font = isSmall ? SMALL_LABEL_FONT : LABEL_FONT;
    // Half a pixel more: what was measured for the box may be rounded otherwise here.
    const room = width - (isSmall ? SMALL_LABEL_PADDING : LABEL_PADDING) + 0.5;
    const short = fit(text, room, (each) => pen.measureText(each).width);
    pen.strokeText(short, cells.x + x, cells.y + y);
    pen.fillText(short, cells.x + x, cells.y + y);
  }
  pen.restore();
}

function drawBar(pen: Pen, { x, y, width, height }: Box, steps: readonly string[]): void {
  const gradient = pen.createLinearGradient(x, 0, x + width, 0);
  steps.forEach((color, step) => gradient.addColorStop(step / (steps.length - 1), color));
  pen.fillStyle = gradient;
  pen.fillRect(x, y, width, height);
}

/** Draws the scale bar in the lower left of the cells. */
function drawScaleBar(pen: Pen, { width, label }: ScaleBar, cells: Box, { stage, ink }: SceneColors): void {
  const [x, y] = [cells.x + MARGIN, cells.y + cells.height - MARGIN];
  pen.font = fontOf(TEXT, true);
  pen.textAlign = 'center';
  pen.lineJoin = 'round';
  pen.strokeStyle = css(stage);
  pen.fillStyle = css(ink);
  pen.lineWidth = 4;
  pen.strokeRect(x, y - 4, width, 4);
  pen.strokeText(label, x + width / 2, y - 15);
  pen.fillRect(x, y - 4, width, 4);
  pen.fillText(label, x + width / 2, y - 15);
}

function fontOf(size: number, bold: boolean): string {
  return `${bold ? '600 ' : ''}${size}px ${FONT}`;
}

function colorOf(swatch: Swatch, colors: SceneColors): string {
  if (typeof swatch === 'string') return css(colors[swatch]);
  return 'shares' in swatch ? css(mix(swatch.shares, colors)) : swatch.color;
}

function css(color: readonly number[]): string {
  return `rgb(${color.join(', ')})`;
}
