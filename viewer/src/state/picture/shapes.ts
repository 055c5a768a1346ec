import type { Box } from './placed';

/** What a figure is drawn of, from back to front; in the units of its layout, from its upper left. */
export type Shape = TextShape | RectShape | DiscsShape | PathsShape | PictureShape | GroupShape;

export interface TextShape {
  readonly kind: 'text';
  readonly text: string;
  readonly x: number;
  /** The position of its centre. */
  readonly y: number;
  readonly size: number;
  readonly bold: boolean;
  readonly align: 'left' | 'center' | 'right';
  readonly fill: string;
  /** The colour of a rim, which makes it legible on anything. */
  readonly rim?: string;
}

export interface RectShape extends Box {
  readonly kind: 'rect';
  /** A colour, or several from left to right. */
  readonly fill: string | readonly string[];
  readonly rim?: string;
}

/** Many discs of one colour. */
export interface DiscsShape {
  readonly kind: 'discs';
  readonly name: string;
  readonly fill: string;
  readonly opacity: number;
  /** x, y and radius of each. */
  readonly spots: Float32Array;
}

/** Many lines or polygons of one look. */
export interface PathsShape {
  readonly kind: 'paths';
  readonly name: string;
  /** x and y of each corner. */
  readonly corners: Float32Array;
  /** Corners of each path: two of a line; more of a polygon. */
  readonly each: number;
  readonly color: string;
  readonly opacity: number;
  /** Of the lines, or around the polygons. */
  readonly width: number;
}

/** Pixels: the cells, or what lies under them. */
export interface PictureShape extends Box {
  readonly kind: 'picture';
  readonly what: 'cells' | 'ground' | 'overlays';
}

export interface GroupShape {
  readonly kind: 'group';
  readonly name: string;
  /** What is beyond this box is not drawn. */
  readonly clip: Box | null;
  readonly shapes: readonly Shape[];
}

export interface Figure {
  /** Size in units of the layout. */
  readonly width: number;
  readonly height: number;
  /** Points per unit. */
  readonly unit: number;
  /** Colour of the background; null if there is none. */
  readonly paper: string | null;
  readonly title: string;
  readonly shapes: readonly Shape[];
}

/** Pixels of the width and height of a figure. */
export function pixelsOf({ width, height, unit }: Figure, dpi: number): [number, number] {
  const scale = scaleOf(unit, dpi);
  return [Math.round(width * scale), Math.round(height * scale)];
}

/** Pixels per unit of the layout. */
export function scaleOf(unit: number, dpi: number): number {
  return (unit * dpi) / 72;
}

/** Number of the discs in a figure. */
export function countDiscs(shapes: readonly Shape[]): number {
  return shapes.reduce((sum, each) => {
    if (each.kind === 'discs') return sum + each.spots.length / 3;
    return each.kind === 'group' ? sum + countDiscs(each.shapes) : sum;
  }, 0);
}

/** The pictures in a figure. */
export function picturesIn(shapes: readonly Shape[]): PictureShape[] {
  return shapes.flatMap((each) =>
    each.kind === 'picture' ? [each] : each.kind === 'group' ? picturesIn(each.shapes) : [],
  );
}
