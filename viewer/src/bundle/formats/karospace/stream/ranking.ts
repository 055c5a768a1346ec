import { ViewerError } from '../../../../bytes/errors';
import { byteLength, decodeNumbers, type Floats } from '../../../../bytes/numbers';
import { mapParallel } from '../../../../bytes/parallel';
import type { Doubles, Ranking } from '../../../statistics';
import type { PartReader } from './parts';
import type { Part } from './schema';

type Column = Uint32Array<ArrayBuffer> | Floats | Doubles;
export type RankedDtype = 'uint32' | 'float32' | 'float64';

export interface RankedColumn {
  readonly name: string;
  readonly dtype: RankedDtype;
}

/** Reads parts that hold columns of genes, one after another. Genes are below `nGenes`. */
export async function readColumns(
  reader: PartReader,
  parts: readonly Part[],
  columns: readonly RankedColumn[],
  nGenes: number,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Column>> {
  const nRanks = parts.at(-1)?.end ?? 0;
  const whole = new Map<string, Column>();
  for (const { name, dtype } of columns) whole.set(name, allocate(dtype, nRanks));
  await mapParallel(parts, async (part) => {
    const count = part.end - part.start;
    const sizes = columns.map(({ dtype }) => byteLength(dtype, count));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const bytes = await reader.bytes(part, total, { signal });
    checkLength(bytes.length, total, part, count);
    let at = 0;
    for (const [index, { name, dtype }] of columns.entries()) {
      // Copied, since numbers of eight bytes may begin at an odd multiple of four.
      const some = bytes.slice(at, (at += sizes[index]));
      whole.get(name)!.set(decodeNumbers(some, dtype, count, part.path), part.start);
    }
  });
  const genes = whole.get('gene') as Uint32Array<ArrayBuffer>;
  if (genes.some((gene) => gene >= nGenes)) throw unknownGene(parts[0].path, nGenes);
  return whole;
}

/** Reads the parts of a ranking. */
export async function readRanking(
  reader: PartReader,
  parts: readonly Part[],
  columns: readonly RankedColumn[],
  nGenes: number,
  signal?: AbortSignal,
): Promise<Ranking> {
  const whole = await readColumns(reader, parts, columns, nGenes, signal);
  const floats = (name: string) => (whole.get(name) as Floats | undefined) ?? null;
  const doubles = (name: string) => (whole.get(name) as Doubles | undefined) ?? null;
  return {
    genes: whole.get('gene') as Uint32Array<ArrayBuffer>,
    score: whole.get('score') as Floats,
    logFoldChange: floats('log_fold_change'),
    meanOutside: floats('mean_outside'),
    share: floats('share'),
    shareOutside: floats('share_outside'),
    auc: floats('auc'),
    pValue: doubles('p_value'),
    adjustedPValue: doubles('adjusted_p_value'),
  };
}

function allocate(dtype: RankedDtype, length: number): Column {
  if (dtype === 'uint32') return new Uint32Array(length);
  return dtype === 'float32' ? new Float32Array(length) : new Float64Array(length);
}

function checkLength(length: number, wanted: number, part: Part, count: number): void {
  if (length === wanted) return;
  throw mixture(
    `The file ${part.path} has ${length.toLocaleString('en')} bytes, but must have ` +
      `${wanted.toLocaleString('en')} (${count.toLocaleString('en')} genes).`,
  );
}

export function unknownGene(path: string, nGenes: number): ViewerError {
  return mixture(`${path} names a gene or a group that this bundle of ${nGenes} genes does not have.`);
}

export function mixture(message: string): ViewerError {
  return new ViewerError(message, 'The bundle is a mixture of two exports, or incomplete: export it again.');
}
