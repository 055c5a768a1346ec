import { ViewerError } from '../../bytes/errors';
import type { Bytes } from '../../bytes/files';
import { inflate } from '../../bytes/gzip';
import type { Floats } from '../../bytes/numbers';
import { unshuffle } from '../../bytes/shuffles';

/** What is known of a gene before it is read. */
export interface Block {
  /** For messages. */
  readonly path: string;
  readonly nCells: number;
  readonly nValues: number;
  /** Bytes of a value. */
  readonly width: 4 | 2 | 1;
  /** Values of the lowest and the highest code, if values are codes. */
  readonly low: number;
  readonly high: number;
}

/** Decodes stored blocks: in the page, or in its worker. */
export type DecodeBlock = (stored: Bytes, block: Block) => Promise<Floats>;

const GAP = 4;

/** A gene with its zeros: one gzip member of gaps between cells and of values, both byte-shuffled. */
export const decodeBlock: DecodeBlock = async (stored, block) => {
  const { path, nCells, nValues, width } = block;
  const plain = nValues * (GAP + width);
  // A block is never stored as it is, so that its first bytes are always those of a member.
  const content = await inflate(stored, path, undefined, plain);
  if (content.length !== plain) throw damaged(path);
  const values = valuesOf(content.subarray(GAP * nValues), block);
  const dense = new Float32Array(nCells);
  const [first, second, third, fourth] = [0, 1, 2, 3].map((plane) =>
    content.subarray(plane * nValues, (plane + 1) * nValues),
  );
  let row = -1;
  for (let at = 0; at < nValues; at++) {
    row += 1 + first[at] + second[at] * 0x100 + third[at] * 0x10000 + fourth[at] * 0x1000000;
    if (row >= nCells) throw damaged(path);
    dense[row] = values[at];
  }
  return dense;
};

function valuesOf(planes: Bytes, { width, low, high }: Block): Floats {
  const joined = unshuffle(planes, width);
  if (width === 4) return new Float32Array(joined.buffer);
  const codes = width === 2 ? new Uint16Array(joined.buffer) : joined;
  const most = width === 2 ? 65_535 : 255;
  return Float32Array.from(codes, (code) => low + (code / most) * (high - low));
}

function damaged(path: string): ViewerError {
  return new ViewerError(
    `The file ${path} does not hold the gene where the bundle says.`,
    'The bundle is a mixture of two exports, or damaged: export it again.',
  );
}
