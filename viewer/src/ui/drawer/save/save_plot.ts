/** Colours of a saved plot, whatever the theme of the page. */
const INK = '#1b2429';
const PAPER = '#ffffff';
/** Pixels of a PNG per pixel of the plot; fewer if the image were larger than browsers can draw. */
const SCALE = 3;
const MOST_PIXELS = 16_000;

/** The plot as a file of its own. */
export function svgOf(svg: SVGSVGElement): Blob {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.removeAttribute('class');
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('color', INK);
  for (const gene of copy.querySelectorAll('.gene'))
    for (const name of ['class', 'role', 'tabindex', 'data-gene', 'aria-pressed', 'aria-description'])
      gene.removeAttribute(name);
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: PAPER }))
    paper.setAttribute(name, value);
  copy.insertBefore(paper, copy.firstChild);
  return new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' });
}

/** The plot as pixels. */
export async function pngOf(svg: SVGSVGElement): Promise<Blob> {
  const { width, height } = svg.viewBox.baseVal;
  const scale = Math.min(SCALE, MOST_PIXELS / Math.max(width, height));
  const url = URL.createObjectURL(svgOf(svg));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, fail) =>
      canvas.toBlob((png) => (png ? done(png) : fail(new RangeError('the image is too large'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
