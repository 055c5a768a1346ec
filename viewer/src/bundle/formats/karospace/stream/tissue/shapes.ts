import * as v from 'valibot';
import { ViewerError } from '../../../../../bytes/errors';
import type { Files } from '../../../../../bytes/files';
import { inflate } from '../../../../../bytes/gzip';
import { readJson } from '../../../../../bytes/json';
import { decodeNumbers } from '../../../../../bytes/numbers';
import { PackReader } from '../../../../../bytes/packs';
import { Once } from '../../../../../bytes/shared';
import type { Shapes, ShapeSet, ShapeTile } from '../../../../tissue';
import { check, Count } from '../../../../schema';
import type { Atlas } from '../schema';
import type { ShapesSchema } from './schema';

/** Of a shape that is no exported cell. */
export const NO_CELL = 0xffffffff;
const STEPS = 65535;
/** Bytes of a tile that no program writes: a square of the grid with most shapes has fewer. */
const MOST_TILE_NBYTES = 256 * 2 ** 20;

const IndexSchema = v.object({
  tiles: v.array(v.tuple([Count, Count, Count, Count, v.number(), v.number(), v.number(), v.number()])),
});

interface Stored extends ShapeTile {
  readonly pack: number;
  readonly offset: number;
  readonly nBytes: number;
}

/** The shapes of a bundle: tiles in packs. See docs/formats/tissue.md. */
export class StoredShapes implements ShapeSet {
  readonly name: string;
  readonly embedding: number;
  readonly nShapes: number;
  readonly areCells: boolean;
  readonly #index = new Once((signal) => this.#load(signal));
  readonly #packs: PackReader;

  constructor(
    private readonly files: Files,
    private readonly atlas: Atlas,
    private readonly entry: v.InferOutput<typeof ShapesSchema>,
  ) {
    this.name = entry.name;
    this.embedding = entry.embedding;
    this.nShapes = entry.n_shapes;
    this.areCells = entry.are_cells;
    this.#packs = new PackReader(files);
    if (entry.embedding >= atlas.embeddings.length)
      throw damaged(
        `the shapes “${entry.name}” belong to embedding ${entry.embedding}, which does not exist`,
      );
  }

  tiles(signal?: AbortSignal): Promise<readonly ShapeTile[]> {
    return this.#index.get(signal);
  }

  async shapes(tile: ShapeTile, signal?: AbortSignal): Promise<Shapes> {
    const stored = (await this.#index.get(signal))[tile.number];
    const pack = this.entry.packs[stored.pack];
    const packed = await this.#packs.read(pack, stored.offset, stored.nBytes, signal);
    const bytes = await inflate(packed, pack.path, undefined, MOST_TILE_NBYTES);
    const { nShapes, box } = stored;
    const head = 4 * (2 * nShapes + 1);
    const where = `${pack.path}, tile ${stored.number}`;
    if (bytes.byteLength < head || (bytes.byteLength - head) % 4 !== 0)
      throw damaged(`${where} has ${bytes.byteLength} bytes, too few or too many for ${nShapes} shapes`);
    const nVertices = (bytes.byteLength - head) / 4;
    const cells = decodeNumbers(bytes.subarray(0, 4 * nShapes), 'uint32', nShapes, where);
    const starts = decodeNumbers(bytes.subarray(4 * nShapes, head), 'uint32', nShapes + 1, where);
    const steps = decodeNumbers(bytes.subarray(head), 'uint16', 2 * nVertices, where);
    this.#checkCells(cells as Uint32Array, where);
    checkStarts(starts as Uint32Array, nVertices, where);
    const { origin } = this.atlas.embeddings[this.embedding];
    const [left, top, right, bottom] = box;
    const [scaleX, scaleY] = [(right - left) / STEPS, (bottom - top) / STEPS];
    const vertices = new Float32Array(2 * nVertices);
    for (let at = 0; at < nVertices; at++) {
      vertices[2 * at] = left - origin[0] + steps[at] * scaleX;
      vertices[2 * at + 1] = top - origin[1] + steps[nVertices + at] * scaleY;
    }
    return { cells: cells as Shapes['cells'], starts: starts as Shapes['starts'], vertices };
  }

  async #load(signal: AbortSignal): Promise<readonly Stored[]> {
    const { path } = this.entry.index;
    const { tiles } = check(IndexSchema, await readJson(this.files, path, { signal }), path);
    return tiles.map(([pack, offset, nBytes, nShapes, ...box], number) => {
      if (pack >= this.entry.packs.length || offset + nBytes > this.entry.packs[pack].size_bytes)
        throw damaged(`${path} places tile ${number} beyond the packs`);
      return { number, pack, offset, nBytes, nShapes, box };
    });
  }

  #checkCells(cells: Uint32Array, where: string): void {
    const { n_cells: nCells } = this.atlas;
    const wrong = cells.find((cell) => cell >= nCells && cell !== NO_CELL);
    if (wrong !== undefined) throw damaged(`${where} has a shape of cell ${wrong}, but there are ${nCells}`);
  }
}

function checkStarts(starts: Uint32Array, nVertices: number, where: string): void {
  let before = 0;
  for (const start of starts) {
    if (start < before) throw damaged(`the vertices of ${where} do not ascend`);
    before = start;
  }
  if (starts[0] !== 0 || before !== nVertices)
    throw damaged(`${where} has ${nVertices} vertices, but its shapes end at ${before}`);
}

function damaged(what: string): ViewerError {
  return new ViewerError(
    `The bundle is inconsistent: ${what}.`,
    'It is a mixture of two exports, or damaged: export it again.',
  );
}
