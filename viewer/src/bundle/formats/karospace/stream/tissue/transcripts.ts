import * as v from 'valibot';
import { ViewerError } from '../../../../../bytes/errors';
import type { Files } from '../../../../../bytes/files';
import { readJson } from '../../../../../bytes/json';
import type { Floats } from '../../../../../bytes/numbers';
import { Once } from '../../../../../bytes/shared';
import { check, Count } from '../../../../schema';
import type { TranscriptGenes, TranscriptNode, Transcripts } from '../../../../tissue';
import type { Atlas } from '../schema';
import { Packs } from './packs';

type Entry = NonNullable<Atlas['transcripts']>;

const GenesSchema = v.object({
  name: v.array(v.string()),
  n: v.array(Count),
  gene: v.array(v.pipe(v.number(), v.integer(), v.minValue(-1))),
  nodes: v.array(v.tuple([Count, Count, Count])),
});
/** Bytes of a node in the list of its gene, and of a point. */
const NODE_NBYTES = 21;
const POINT_NBYTES = 4;
const STEPS = 65535;

/** The transcripts of a bundle: see docs/formats/tissue.md. */
export class StreamTranscripts implements Transcripts {
  readonly embedding: number;
  readonly n: number;
  readonly minimum: readonly [number, number];
  readonly maximum: readonly [number, number];
  readonly #entry: Entry;
  readonly #packs: Packs;
  readonly #origin: readonly number[];
  readonly #genes: Once<v.InferOutput<typeof GenesSchema>>;
  readonly #nodes = new Map<number, Once<readonly TranscriptNode[]>>();

  constructor(files: Files, entry: Entry, embeddings: Atlas['embeddings']) {
    const origin = embeddings.at(entry.embedding)?.origin;
    if (entry.embedding >= embeddings.length || !origin)
      throw wrong('atlas.json', `has no embedding ${entry.embedding}, to which its transcripts belong`);
    this.embedding = entry.embedding;
    this.n = entry.n;
    this.minimum = entry.minimum;
    this.maximum = entry.maximum;
    this.#entry = entry;
    this.#origin = origin;
    this.#packs = new Packs(files, entry.packs);
    this.#genes = new Once((signal) => loadGenes(files, entry.genes.path, signal));
  }

  async genes(signal?: AbortSignal): Promise<TranscriptGenes> {
    const { name, n, gene } = await this.#genes.get(signal);
    return { names: name, counts: n, genes: gene };
  }

  nodes(gene: number, signal?: AbortSignal): Promise<readonly TranscriptNode[]> {
    let known = this.#nodes.get(gene);
    if (!known) this.#nodes.set(gene, (known = new Once((each) => this.#loadNodes(gene, each))));
    return known.get(signal);
  }

  async points({ depth, column, row, n, pack, offset, nBytes }: TranscriptNode, signal?: AbortSignal) {
    const plain = POINT_NBYTES * n;
    const bytes = await this.#packs.member(pack, offset, nBytes, { plain, signal });
    const { path } = this.#entry.packs[pack];
    if (bytes.length !== plain)
      throw wrong(path, `has ${bytes.length} bytes of points where ${plain} must be`);
    const steps = new Uint16Array(bytes.slice().buffer);
    const side = this.#side / 2 ** depth;
    const [x, y] = [column, row].map((at, axis) => this.minimum[axis] - this.#origin[axis] + at * side);
    const points: Floats = new Float32Array(2 * n);
    for (let at = 0; at < n; at++) {
      points[2 * at] = x + (steps[at] / STEPS) * side;
      points[2 * at + 1] = y + (steps[n + at] / STEPS) * side;
    }
    return points;
  }

  /** Side of the root square. */
  get #side(): number {
    return Math.max(...this.maximum.map((high, axis) => high - this.minimum[axis])) || 1;
  }

  async #loadNodes(gene: number, signal: AbortSignal): Promise<readonly TranscriptNode[]> {
    const { n, nodes } = await this.#genes.get(signal);
    const [pack, offset, nBytes] = nodes[gene];
    // No node is empty.
    const bytes = await this.#packs.member(pack, offset, nBytes, {
      most: NODE_NBYTES * (n[gene] + 1),
      signal,
    });
    const { path } = this.#entry.packs[pack];
    const found = readNodes(bytes, path);
    if (found.some((node) => node.pack >= this.#entry.packs.length) || total(found) !== n[gene])
      throw wrong(path, `has a list of nodes that does not fit the ${n[gene]} transcripts of its gene`);
    return found;
  }
}

async function loadGenes(files: Files, path: string, signal: AbortSignal) {
  const genes = check(GenesSchema, await readJson(files, path, { signal }), path);
  const { length } = genes.name;
  if ([genes.n, genes.gene, genes.nodes].some((list) => list.length !== length))
    throw wrong(path, 'has lists of different lengths');
  return genes;
}

/** A list of nodes: column after column, without gaps. */
function readNodes(bytes: Uint8Array<ArrayBuffer>, path: string): TranscriptNode[] {
  const count = bytes.length / NODE_NBYTES;
  if (!Number.isInteger(count)) throw wrong(path, `has a list of nodes of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = (start: number, at: number) => view.getUint32(start * count + 4 * at, true);
  const short = (start: number, at: number) => view.getUint16(start * count + 2 * at, true);
  return Array.from({ length: count }, (_, at) => ({
    depth: view.getUint8(at),
    column: long(1, at),
    row: long(5, at),
    pack: short(9, at),
    offset: long(11, at),
    nBytes: long(15, at),
    n: short(19, at),
  }));
}

function total(nodes: readonly TranscriptNode[]): number {
  return nodes.reduce((sum, { n }) => sum + n, 0);
}

function wrong(path: string, how: string): ViewerError {
  return new ViewerError(
    `The file ${path} ${how}.`,
    'The bundle is a mixture of two exports, or damaged: export it again.',
  );
}
