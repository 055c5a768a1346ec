import { pointsOf, POINTS_PER_PIXEL, type FigureOptions } from '../../../state/picture/figure_options';
import { JOURNAL_FONT, LOOKS } from '../../picture/looks';
import { pngBlob } from '../../picture/png_blob';
import { figureOptions } from '../../picture/remembered';

/** Most pixels of a side of a PNG: browsers cannot draw larger images. */
const MOST_PIXELS = 16_000;
/** What only the page needs. */
const OF_THE_PAGE = /^(class|role|tabindex|focusable|data-|aria-)/;

/**
 * A plot as an SVG file, in the size and with the background that the user chose for figures, whatever the theme of the
 * page. Its letters are text, in Arial or Helvetica.
 *
 * All that the plot needs must be in its attributes, since the styles of the page are not saved. What has the colour of
 * the ink is `currentColor`; `viewBox` states the size in pixels.
 */
export function svgOf(svg: SVGSVGElement, options: FigureOptions = figureOptions.peek()): Blob {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  for (const each of [copy, ...copy.querySelectorAll('*')])
    for (const name of each.getAttributeNames()) if (OF_THE_PAGE.test(name)) each.removeAttribute(name);
  const { ink, paper } = LOOKS[options.background];
  const [width, height] = sizeOf(svg, options);
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width: `${round(width)}pt`,
    height: `${round(height)}pt`,
    color: ink,
    'font-family': JOURNAL_FONT,
  };
  for (const [name, value] of Object.entries(attributes)) copy.setAttribute(name, value);
  if (paper) {
    const ground = document.createElementNS(attributes.xmlns, 'rect');
    for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: paper }))
      ground.setAttribute(name, value);
    copy.insertBefore(ground, copy.firstChild);
  }
  return new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' });
}

/** The same plot as a PNG, with the pixels per inch that the user chose; the file states them. */
export async function pngOf(
  svg: SVGSVGElement,
  options: FigureOptions = figureOptions.peek(),
): Promise<Blob> {
  const [width, height] = sizeOf(svg, options);
  const dpi = Math.min(options.dpi, (MOST_PIXELS * 72) / Math.max(width, height));
  const url = URL.createObjectURL(svgOf(svg, options));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round((width * dpi) / 72);
    canvas.height = Math.round((height * dpi) / 72);
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await pngBlob(canvas, dpi);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Width and height of a saved plot, in points. */
function sizeOf(svg: SVGSVGElement, options: FigureOptions): [number, number] {
  const { width, height } = svg.viewBox.baseVal;
  const wide = pointsOf(options)[0] ?? width * POINTS_PER_PIXEL;
  return [wide, (wide / width) * height];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
