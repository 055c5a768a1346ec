import * as v from 'valibot';
import { formatCount, formatCounted } from '../../texts/format';
import type { Session } from '../../session';

const CountSchema = v.pipe(v.number(), v.integer(), v.minValue(0));
const TextSchema = v.pipe(v.string(), v.maxLength(2_000));
/** What tells one bundle from another. */
export const IdentitySchema = v.object({
  name: TextSchema,
  cells: CountSchema,
  genes: CountSchema,
  /** The embedding that was drawn, and a digest of its coordinates. */
  embedding: TextSchema,
  digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/, 'eight hexadecimal digits')),
});
export type Identity = v.InferOutput<typeof IdentitySchema>;

/** Coordinates of so many cells, evenly spaced, tell whether cells are the same and in the same order. */
const MOST_COMPARED = 65_536;

export async function identityOf({ bundle, view }: Session): Promise<Identity> {
  const index = view.embedding.peek()?.index ?? 0;
  const { name, nCells: cells, nGenes: genes, embeddings } = bundle;
  const digest = digestOf(await bundle.coordinates(index), cells);
  return { name, cells, genes, embedding: embeddings[index].key, digest };
}

/** How an open bundle differs from that of a session file. */
export interface Comparison {
  /** Whether it has the same cells in the same order, so that numbers of cells fit. */
  readonly hasSameCells: boolean;
  /** What differs, as parts of a sentence. */
  readonly differences: readonly string[];
}

export async function compare({ bundle }: Session, saved: Identity): Promise<Comparison> {
  const index = bundle.embeddings.findIndex(({ key }) => key === saved.embedding);
  const differences: string[] = [];
  const { name, nCells, nGenes } = bundle;
  if (name !== saved.name) differences.push(`its name is “${saved.name}”, not “${name}”`);
  if (nCells !== saved.cells)
    differences.push(`it has ${formatCounted(saved.cells, 'cell')}, not ${formatCount(nCells)}`);
  if (nGenes !== saved.genes)
    differences.push(`it has ${formatCounted(saved.genes, 'gene')}, not ${formatCount(nGenes)}`);
  if (nCells !== saved.cells) return { hasSameCells: false, differences };
  const digest = index < 0 ? null : digestOf(await bundle.coordinates(index), nCells);
  if (digest === null) differences.push(`it has an embedding “${saved.embedding}”`);
  else if (digest !== saved.digest) differences.push(`its cells lie elsewhere in “${saved.embedding}”`);
  return { hasSameCells: digest === saved.digest, differences };
}

/** FNV-1a over the bytes of some coordinates, as eight hexadecimal digits. */
function digestOf(coordinates: Float32Array, nCells: number): string {
  const dims = nCells > 0 ? coordinates.length / nCells : 0;
  const bytes = new DataView(coordinates.buffer, coordinates.byteOffset, coordinates.byteLength);
  const step = Math.max(1, Math.ceil(nCells / MOST_COMPARED));
  let hash = 0x811c9dc5;
  for (let cell = 0; cell < nCells; cell += step)
    for (let at = 4 * cell * dims; at < 4 * (cell + 1) * dims; at++)
      hash = Math.imul(hash ^ bytes.getUint8(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
