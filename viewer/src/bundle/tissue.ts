import type { Bytes } from '../bytes/files';
import type { Floats, Numbers } from '../bytes/numbers';

/** What a bundle holds of a tissue beside its cells. See docs/formats/tissue.md. */
export interface Tissue {
  readonly sections: Sections | null;
  readonly slides: readonly Slide[];
  readonly shapes: readonly ShapeSet[];
  readonly transcripts: Transcripts | null;
}

/** Sections of a tissue: each is one range of cells. */
export interface Sections {
  /** The obs column of the sections, which need not be among the columns of the bundle. */
  readonly column: string;
  readonly embedding: number;
  /** The column whose codes come with the points of each section; null for none. */
  readonly firstColumn: number | null;
  readonly metadata: readonly SectionFacts[];
  readonly items: readonly Section[];
  /** All that a panel needs at first. */
  points(section: number, signal?: AbortSignal): Promise<SectionPoints>;
  /** The row of each cell in the source; null if the cells are in its order. */
  rows(signal?: AbortSignal): Promise<Numbers | null>;
}

export interface Section {
  /** Null for the cells without a section. */
  readonly name: string | null;
  /** Its cells, without the last one. */
  readonly start: number;
  readonly end: number;
  readonly nPlaced: number;
  /** Bounds of its cells, in the coordinates of the source; null without cells that have some. */
  readonly minimum: readonly [number, number] | null;
  readonly maximum: readonly [number, number] | null;
}

/** A column of obs with one value in each section. */
export interface SectionFacts {
  readonly name: string;
  readonly values: readonly (string | number | boolean | null)[];
}

export interface SectionPoints {
  /** float32 `(n, 2)`, relative to the section's minimum; NaN for a cell without coordinates. */
  readonly positions: Floats;
  /** Codes of `firstColumn`, as float32 with NaN for a missing one; null for none. */
  readonly codes: Floats | null;
}

interface AnySlide {
  readonly name: string;
  /** Number of a section; null if it lies under all cells. */
  readonly section: number | null;
  readonly embedding: number;
  readonly width: number;
  readonly height: number;
  readonly tile: number;
  /** x of the pixel = a x + b y + c, y = d x + e y + f, in coordinates of the source; null if unknown. */
  readonly toPixel: readonly [number, number, number, number, number, number] | null;
  readonly micronsPerPixel: number | null;
  /** From the full size down. */
  readonly levels: readonly { readonly width: number; readonly height: number }[];
  /** Where the tiles are, if the bundle does not hold them: perhaps on a host that the user does not know. */
  readonly elsewhere?: URL;
}

export interface PictureSlide extends AnySlide {
  readonly kind: 'rgb';
  /** A JPEG or PNG. */
  picture(level: number, row: number, column: number, signal?: AbortSignal): Promise<Bytes>;
}

export interface Channel {
  readonly name: string;
  /** `#rrggbb` */
  readonly color: string;
  /** Values that are drawn black and in full colour at first. */
  readonly window: readonly [number, number];
  readonly range: readonly [number, number];
}

export interface ChannelSlide extends AnySlide {
  readonly kind: 'channels';
  readonly channels: readonly Channel[];
  /** Values of one tile of one channel, row by row. */
  values(channel: number, level: number, row: number, column: number, signal?: AbortSignal): Promise<Numbers>;
}

export type Slide = PictureSlide | ChannelSlide;

/** Width and height of one tile: those at the right and at the bottom are smaller. */
export function sizeOfTile(
  { levels, tile }: Pick<Slide, 'levels' | 'tile'>,
  level: number,
  row: number,
  column: number,
) {
  const { width, height } = levels[level];
  return { width: Math.min(tile, width - column * tile), height: Math.min(tile, height - row * tile) };
}

export interface ShapeSet {
  readonly name: string;
  readonly embedding: number;
  readonly nShapes: number;
  readonly areCells: boolean;
  tiles(signal?: AbortSignal): Promise<readonly ShapeTile[]>;
  shapes(tile: ShapeTile, signal?: AbortSignal): Promise<Shapes>;
}

export interface ShapeTile {
  readonly number: number;
  readonly nShapes: number;
  /** Left, top, right, bottom, in the coordinates of the source. */
  readonly box: readonly [number, number, number, number];
}

export interface Shapes {
  /** The cell of each shape; 4294967295 for none. */
  readonly cells: Uint32Array<ArrayBuffer>;
  /** Where the vertices of each shape begin, and their end. */
  readonly starts: Uint32Array<ArrayBuffer>;
  /** float32 `(n, 2)`, relative to the origin of the embedding. */
  readonly vertices: Floats;
}

export interface Transcripts {
  readonly embedding: number;
  readonly n: number;
  readonly minimum: readonly [number, number];
  readonly maximum: readonly [number, number];
  genes(signal?: AbortSignal): Promise<TranscriptGenes>;
  nodes(gene: number, signal?: AbortSignal): Promise<readonly TranscriptNode[]>;
  /** float32 `(n, 2)`, relative to the origin of the embedding. */
  points(node: TranscriptNode, signal?: AbortSignal): Promise<Floats>;
}

export interface TranscriptGenes {
  readonly names: readonly string[];
  readonly counts: readonly number[];
  /** The number of each in the gene table; -1 for none. */
  readonly genes: readonly number[];
}

export interface TranscriptNode {
  readonly depth: number;
  readonly column: number;
  readonly row: number;
  readonly n: number;
  readonly pack: number;
  readonly offset: number;
  readonly nBytes: number;
}
