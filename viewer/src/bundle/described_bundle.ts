import { MOST_NBYTES } from '../bytes/bounded';
import { ViewerError } from '../bytes/errors';
import type { Files } from '../bytes/files';
import { inflate } from '../bytes/gzip';
import type { Floats } from '../bytes/numbers';
import { readAbout, type About } from './about/about';
import { receiptOf, type Receipt } from './about/receipt';
import { LiveFiles } from './live/live_files';
import type { CellTexts } from './cells/cell_texts';
import type { Bundle, ColumnValues, Description, Edges, GeneTable, OnProgress, PassingGenes } from './bundle';

/** The common part of bundles of all formats: a folder of files and a description. */
export abstract class DescribedBundle<F extends Files = Files> implements Bundle {
  readonly format;
  readonly name;
  readonly title;
  readonly nCells;
  readonly nGenes;
  readonly embeddings;
  readonly columns;
  readonly isOrdered;
  readonly graph;
  readonly vectors;
  readonly images;
  readonly previewPath;
  readonly notes;
  readonly overlap;
  readonly where: string;
  readonly live?: LiveFiles;

  protected constructor(
    readonly files: F,
    described: Description,
  ) {
    checkCells(described.nCells, files.where);
    this.where = files.where;
    if (files instanceof LiveFiles) this.live = files;
    this.format = described.format;
    this.name = described.name;
    this.title = described.title;
    this.nCells = described.nCells;
    this.nGenes = described.nGenes;
    this.embeddings = described.embeddings;
    this.columns = described.columns;
    this.isOrdered = described.isOrdered;
    this.graph = described.graph;
    this.vectors = described.vectors;
    this.images = described.images;
    this.previewPath = described.previewPath;
    this.notes = described.notes;
    this.overlap = described.overlap ?? null;
  }

  abstract genes(signal?: AbortSignal): Promise<GeneTable>;
  abstract coordinates(embedding: number, onProgress?: OnProgress, signal?: AbortSignal): Promise<Floats>;
  abstract column(column: number, signal?: AbortSignal): Promise<ColumnValues>;
  abstract expression(gene: number, signal?: AbortSignal): Promise<Floats>;
  abstract passingGenes(): PassingGenes;
  abstract edges(onProgress?: OnProgress, signal?: AbortSignal): Promise<Edges>;
  abstract vector(vector: number, signal?: AbortSignal): Promise<Floats>;
  abstract readonly ids: CellTexts;
  abstract texts(column: number): CellTexts;

  about(): Promise<About> {
    return Promise.resolve(readAbout(undefined));
  }

  receipt(): Promise<Receipt> {
    return Promise.resolve(receiptOf('', ''));
  }

  async file(path: string, signal?: AbortSignal) {
    return inflate(await this.files.get(path, { most: MOST_NBYTES, signal }), path);
  }
}

/** Coordinates of this many cells take half a gibibyte. */
const MOST_CELLS = 2 ** 26;

/** Raised before a request of that size. */
function checkCells(nCells: number, where: string): void {
  if (nCells <= MOST_CELLS) return;
  throw new ViewerError(
    `The bundle at ${where} states ${nCells.toLocaleString('en')} cells, but this page shows at most ${MOST_CELLS.toLocaleString('en')}.`,
    'It is damaged, or too large for a browser: export fewer cells (--downsample).',
  );
}
