import { byteLength, decodeNumbers, type Floats } from '../../../../bytes/numbers';
import type { Doubles, Enrichment, NeighbourGroups, Neighbourhoods, SpatialGenes } from '../../../statistics';
import type { NeighbourhoodsEntry } from './neighbourhoods_schema';
import { brokenParts, checkContiguous, type PartReader } from './parts';
import { readColumns } from './ranking';

const COLUMNS = {
  gene: 'uint32',
  moran_i: 'float32',
  geary_c: 'float32',
  moran_p_value: 'float64',
  moran_adjusted_p_value: 'float64',
  geary_p_value: 'float64',
  geary_adjusted_p_value: 'float64',
} as const;

/** The neighbourhoods of a stream layer. See docs/formats/karospace.md. */
export class StreamNeighbourhoods implements Neighbourhoods {
  readonly graph;
  readonly permutations;
  readonly seed;
  readonly groupings: readonly NeighbourGroups[];

  constructor(
    readonly reader: PartReader,
    readonly entry: NeighbourhoodsEntry,
    readonly nGenes: number,
  ) {
    this.graph = entry.graph;
    this.permutations = entry.permutations ?? null;
    this.seed = entry.seed ?? null;
    this.groupings = entry.groupings.map(({ column, categories, co_occurrence }) => ({
      column,
      categories,
      distances: co_occurrence?.distances.slice(1) ?? [],
      nPaired: co_occurrence?.n_cells ?? 0,
    }));
    checkContiguous(entry.genes.parts, nGenes, 'gene');
    checkColumns(entry);
  }

  async genes(signal?: AbortSignal): Promise<SpatialGenes> {
    const { columns, parts } = this.entry.genes;
    const whole = await readColumns(this.reader, parts, columns, this.nGenes, signal);
    return {
      genes: whole.get('gene') as Uint32Array<ArrayBuffer>,
      moranI: whole.get('moran_i') as Floats,
      gearyC: whole.get('geary_c') as Floats,
      moranP: whole.get('moran_p_value') as Doubles,
      moranAdjusted: whole.get('moran_adjusted_p_value') as Doubles,
      gearyP: whole.get('geary_p_value') as Doubles,
      gearyAdjusted: whole.get('geary_adjusted_p_value') as Doubles,
    };
  }

  async enrichment(grouping: number, signal?: AbortSignal): Promise<Enrichment> {
    const { categories, enrichment } = this.entry.groupings[grouping];
    const count = categories.length ** 2;
    const bytes = await this.reader.bytes(enrichment, byteLength('float64', 2 * count), { signal });
    const both = decodeNumbers(bytes, 'float64', 2 * count, enrichment.path) as Doubles;
    return { zScores: both.slice(0, count), counts: both.slice(count) };
  }

  async coOccurrence(grouping: number, signal?: AbortSignal): Promise<Floats> {
    const { categories, co_occurrence } = this.entry.groupings[grouping];
    if (!co_occurrence) throw new Error('there is no co-occurrence of this column');
    const count = categories.length ** 2 * (co_occurrence.distances.length - 1);
    const bytes = await this.reader.bytes(co_occurrence, byteLength('float32', count), { signal });
    return decodeNumbers(bytes, 'float32', count, co_occurrence.path) as Floats;
  }
}

function checkColumns({ genes }: NeighbourhoodsEntry): void {
  const types = new Map(genes.columns.map(({ name, dtype }) => [name, dtype]));
  const wrong = Object.entries(COLUMNS).find(([name, dtype]) => types.get(name) !== dtype);
  if (wrong)
    throw brokenParts(`the genes in its neighbourhoods have no column “${wrong[0]}” of type ${wrong[1]}`);
}
