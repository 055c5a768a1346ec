import type { DiscsShape, Figure, GroupShape, PathsShape, PictureShape, Shape, TextShape } from './shapes';
import type { Box } from './placed';

/** Stops of a gradient: more are not seen. */
const STOPS = 33;
const RIM = 4;

/**
 * The figure as SVG, in points. Programs for drawings show each group by its name. Text is text.
 *
 * `pictures` has the address of each picture's pixels, such as a data URL.
 */
export function svgText(
  figure: Figure,
  font: string,
  pictures: ReadonlyMap<PictureShape['what'], string>,
): Blob {
  const { width, height, unit, paper, title } = figure;
  const pen = new Pen(unit, pictures);
  const [wide, high] = [pen.at(width), pen.at(height)];
  const parts = [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"',
    ' xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" version="1.1"',
    ` width="${wide}pt" height="${high}pt" viewBox="0 0 ${wide} ${high}"`,
    ` font-family="${escapeXml(font)}" xml:space="preserve">\n`,
    `<title>${escapeXml(title)}</title>\n`,
    ...(paper ? [`<rect id="background" width="${wide}" height="${high}" fill="${paper}"/>\n`] : []),
  ];
  for (const shape of figure.shapes) parts.push(...pen.draw(shape));
  parts.push('</svg>\n');
  return new Blob(parts, { type: 'image/svg+xml' });
}

class Pen {
  /** Names that are taken, and the last number after each. */
  readonly #ids = new Map([['background', 0]]);

  constructor(
    readonly unit: number,
    readonly pictures: ReadonlyMap<PictureShape['what'], string>,
  ) {}

  /** A length in points, as text. */
  at(length: number): string {
    return String(Math.round(length * this.unit * 100) / 100);
  }

  draw(shape: Shape): string[] {
    switch (shape.kind) {
      case 'text':
        return this.#text(shape);
      case 'rect': {
        const rim = shape.rim ? [`<rect ${this.#box(shape)} fill="none" ${this.#rim(shape.rim)}/>\n`] : [];
        if (typeof shape.fill === 'string')
          return [...rim, `<rect ${this.#box(shape)} fill="${shape.fill}"/>\n`];
        const id = this.#id('colours');
        return [
          ...rim,
          `<linearGradient id="${id}">${stopsOf(shape.fill)}</linearGradient>`,
          `<rect ${this.#box(shape)} fill="url(#${id})"/>\n`,
        ];
      }
      case 'discs':
        return this.#discs(shape);
      case 'paths':
        return this.#paths(shape);
      case 'picture':
        return [
          `<image ${this.#named(shape.what)} ${this.#box(shape)} preserveAspectRatio="none"`,
          ` xlink:href="${this.pictures.get(shape.what) ?? ''}"/>\n`,
        ];
      case 'group':
        return this.#group(shape);
    }
  }

  #group({ name, clip, shapes }: GroupShape): string[] {
    if (shapes.length === 0) return [];
    // Before those of its shapes, which may have the same.
    const named = this.#named(name);
    const inside = shapes.flatMap((each) => this.draw(each));
    if (!clip) return [`<g ${named}>\n`, ...inside, '</g>\n'];
    const id = this.#id('frame');
    return [
      `<clipPath id="${id}"><rect ${this.#box(clip)}/></clipPath>\n`,
      `<g ${named} clip-path="url(#${id})">\n`,
      ...inside,
      '</g>\n',
    ];
  }

  #text({ text, x, y, size, bold, align, fill, rim }: TextShape): string[] {
    // Programs differ in how they centre text along the line, so the base line is stated.
    const place = `x="${this.at(x)}" y="${this.at(y + 0.36 * size)}" font-size="${this.at(size)}"`;
    const anchor = align === 'left' ? '' : ` text-anchor="${align === 'right' ? 'end' : 'middle'}"`;
    const look = `${place}${bold ? ' font-weight="bold"' : ''}${anchor}`;
    const written = escapeXml(text);
    return [
      // Not all programs draw a rim below its own letters.
      ...(rim ? [`<text ${look} fill="none" ${this.#rim(rim)}>${written}</text>\n`] : []),
      `<text ${look} fill="${fill}">${written}</text>\n`,
    ];
  }

  #discs({ name, fill, opacity, spots }: DiscsShape): string[] {
    const parts = [`<g ${this.#named(name)} fill="${fill}"${opacityOf('fill', opacity)}>\n`];
    for (let at = 0; at < spots.length; at += 3)
      parts.push(
        `<circle cx="${this.at(spots[at])}" cy="${this.at(spots[at + 1])}" r="${this.at(spots[at + 2])}"/>\n`,
      );
    parts.push('</g>\n');
    return parts;
  }

  #paths({ name, corners, each, color, opacity, width }: PathsShape): string[] {
    const fill = each > 2 ? color : 'none';
    const look = `stroke="${color}" stroke-width="${this.at(width)}" stroke-linejoin="round"`;
    const all = `${opacityOf('stroke', opacity)}${opacityOf('fill', opacity)}`;
    const parts = [`<g ${this.#named(name)} fill="${fill}" ${look}${all}>\n`];
    for (let at = 0; at < corners.length; at += 2 * each) {
      let path = '';
      for (let corner = at; corner < at + 2 * each; corner += 2)
        path += `${corner === at ? 'M' : 'L'}${this.at(corners[corner])} ${this.at(corners[corner + 1])}`;
      parts.push(`<path d="${path}${each > 2 ? 'Z' : ''}"/>\n`);
    }
    parts.push('</g>\n');
    return parts;
  }

  #rim(color: string): string {
    return `stroke="${color}" stroke-width="${this.at(RIM)}" stroke-linejoin="round"`;
  }

  #box({ x, y, width, height }: Box): string {
    return `x="${this.at(x)}" y="${this.at(y)}" width="${this.at(width)}" height="${this.at(height)}"`;
  }

  /** The name as Illustrator and Inkscape show it. */
  #named(name: string): string {
    const id = this.#id(name);
    return id === name ? `id="${id}"` : `id="${id}" inkscape:label="${escapeXml(name)}"`;
  }

  /** A name that is one in XML, and the only one. */
  #id(name: string): string {
    const plain = name
      .replace(/[^A-Za-z0-9_-]+/g, '_')
      .replace(/^(?![A-Za-z_])/, '_')
      .slice(0, 60);
    let count = this.#ids.get(plain) ?? 0;
    let id = plain;
    while (this.#ids.has(id)) id = `${plain}-${++count}`;
    this.#ids.set(plain, count);
    this.#ids.set(id, 0);
    return id;
  }
}

function opacityOf(what: 'fill' | 'stroke', opacity: number): string {
  return opacity < 1 ? ` ${what}-opacity="${Math.round(opacity * 1000) / 1000}"` : '';
}

function stopsOf(colors: readonly string[]): string {
  const last = Math.min(STOPS, colors.length) - 1;
  return Array.from({ length: last + 1 }, (_, stop) => {
    const share = last > 0 ? stop / last : 0;
    const color = colors[Math.round(share * (colors.length - 1))];
    return `<stop offset="${Math.round(share * 1e4) / 1e4}" stop-color="${color}"/>`;
  }).join('');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it stands in XML. What XML cannot hold is replaced: control characters, and halves of a surrogate pair. */
export function escapeXml(text: string): string {
  return (
    text
      .replace(/[&<>"]/g, (sign) => ESCAPES[sign])
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
  );
}
