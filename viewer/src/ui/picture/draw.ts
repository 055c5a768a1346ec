import type {
  DiscsShape,
  Figure,
  PathsShape,
  PictureShape,
  Shape,
  TextShape,
} from '../../state/picture/shapes';
import { scaleOf, pixelsOf } from '../../state/picture/shapes';
import type { Measure } from '../../state/picture/texts';

type Pen = CanvasRenderingContext2D;
export type Pictures = ReadonlyMap<PictureShape['what'], CanvasImageSource>;

/** Of plots. */
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
const RIM = 4;
/** Discs that are drawn at once. */
const AT_A_TIME = 2000;

/** Measures the width of texts in a font. */
export function measureWith(family: string): Measure {
  const pen = document.createElement('canvas').getContext('2d')!;
  return (text, size, bold) => {
    pen.font = fontOf(size, bold, family);
    return pen.measureText(text).width;
  };
}

const plotWidths = new Map<string, number>();
let measurePlot: Measure | undefined;

/** Pixels of a text of a plot. */
export function plotWidthOf(text: string): number {
  measurePlot ??= measureWith(FONT);
  const width = plotWidths.get(text) ?? measurePlot(text, 12, false);
  plotWidths.set(text, width);
  return width;
}

/** Draws a figure with so many pixels to an inch, and lets the page react in between. False if it is no longer wanted. */
export async function draw(
  canvas: HTMLCanvasElement,
  figure: Figure,
  dpi: number,
  pictures: Pictures,
  family: string,
  isWanted: () => boolean = () => true,
): Promise<boolean> {
  [canvas.width, canvas.height] = pixelsOf(figure, dpi);
  const pen = canvas.getContext('2d')!;
  if (figure.paper) {
    pen.fillStyle = figure.paper;
    pen.fillRect(0, 0, canvas.width, canvas.height);
  }
  const scale = scaleOf(figure.unit, dpi);
  const brush = { pen, scale, pictures, family, isWanted };
  for (const shape of figure.shapes) if (!(await drawShape(brush, shape))) return false;
  return true;
}

interface Brush {
  readonly pen: Pen;
  readonly scale: number;
  readonly pictures: Pictures;
  readonly family: string;
  readonly isWanted: () => boolean;
}

async function drawShape(brush: Brush, shape: Shape): Promise<boolean> {
  const { pen, scale, pictures } = brush;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  switch (shape.kind) {
    case 'text':
      drawText(pen, shape, brush.family);
      return true;
    case 'rect': {
      const { x, y, width, height, fill, rim } = shape;
      if (rim) rimmed(pen, rim).strokeRect(x, y, width, height);
      pen.fillStyle = typeof fill === 'string' ? fill : gradient(pen, x, width, fill);
      pen.fillRect(x, y, width, height);
      return true;
    }
    case 'discs':
      return drawDiscs(brush, shape);
    case 'paths':
      drawPaths(pen, shape);
      return true;
    case 'picture': {
      const source = pictures.get(shape.what);
      if (!source) return true;
      // At whole pixels, since cells would be blurred in between.
      const [x, y, width, height] = [shape.x, shape.y, shape.width, shape.height].map((each) =>
        Math.round(each * scale),
      );
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.imageSmoothingQuality = 'high';
      pen.drawImage(source, x, y, width, height);
      return true;
    }
    case 'group': {
      const { clip, shapes } = shape;
      if (clip) {
        pen.save();
        pen.beginPath();
        pen.rect(clip.x, clip.y, clip.width, clip.height);
        pen.clip();
      }
      let isDone = true;
      for (const each of shapes) if (isDone) isDone = await drawShape(brush, each);
      if (clip) pen.restore();
      return isDone;
    }
  }
}

function drawText(pen: Pen, { text, x, y, size, bold, align, fill, rim }: TextShape, family: string): void {
  pen.font = fontOf(size, bold, family);
  pen.textAlign = align;
  pen.textBaseline = 'alphabetic';
  // As in the SVG: the base line is stated.
  const base = y + 0.36 * size;
  if (rim) rimmed(pen, rim).strokeText(text, x, base);
  pen.fillStyle = fill;
  pen.fillText(text, x, base);
}

async function drawDiscs({ pen, isWanted }: Brush, { fill, opacity, spots }: DiscsShape): Promise<boolean> {
  pen.fillStyle = fill;
  for (let at = 0; at < spots.length; at += 3) {
    pen.globalAlpha = opacity;
    pen.beginPath();
    pen.arc(spots[at], spots[at + 1], spots[at + 2], 0, 2 * Math.PI);
    pen.fill();
    if (at % (3 * AT_A_TIME) !== 0 || at === 0) continue;
    await new Promise((done) => setTimeout(done));
    if (!isWanted()) return false;
  }
  pen.globalAlpha = 1;
  return true;
}

function drawPaths(pen: Pen, { corners, each, color, opacity, width }: PathsShape): void {
  pen.globalAlpha = opacity;
  pen.fillStyle = pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.lineJoin = 'round';
  for (let at = 0; at < corners.length; at += 2 * each) {
    pen.beginPath();
    for (let corner = at; corner < at + 2 * each; corner += 2)
      pen.lineTo(corners[corner], corners[corner + 1]);
    if (each > 2) {
      pen.closePath();
      pen.fill();
    }
    if (width > 0) pen.stroke();
  }
  pen.globalAlpha = 1;
}

function rimmed(pen: Pen, color: string): Pen {
  pen.lineJoin = 'round';
  pen.lineWidth = RIM;
  pen.strokeStyle = color;
  return pen;
}

function gradient(pen: Pen, x: number, width: number, colors: readonly string[]): CanvasGradient {
  const made = pen.createLinearGradient(x, 0, x + width, 0);
  colors.forEach((color, step) => made.addColorStop(step / Math.max(1, colors.length - 1), color));
  return made;
}

function fontOf(size: number, bold: boolean, family: string): string {
  return `${bold ? 'bold ' : ''}${size}px ${family}`;
}
