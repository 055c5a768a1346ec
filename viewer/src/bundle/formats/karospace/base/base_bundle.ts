import { packedAtMost } from '../../../../bytes/bounded';
import { ByteCache } from '../../../../bytes/cache';
import { ViewerError } from '../../../../bytes/errors';
import type { Files } from '../../../../bytes/files';
import { inflate } from '../../../../bytes/gzip';
import { byteLength, decodeNumbers, type Floats } from '../../../../bytes/numbers';
import { mapParallel } from '../../../../bytes/parallel';
import type {
  ColumnValues,
  Edges,
  EmbeddingInfo,
  GeneTable,
  OnProgress,
  PassingGenes,
} from '../../../bundle';
import { textsInMemory, type CellTexts } from '../../../cells/cell_texts';
import { DescribedBundle } from '../../../described_bundle';
import { splitProgress } from '../../../live/progress';
import { quotedNames } from '../../../quoted';
import { imageOfAll } from '../images';
import { check } from '../../../schema';
import type { InferredColumn } from './infer';
import { ManifestSchema, type Manifest } from './schema';
import { readRows, toColumns, toCoordinates, type Coordinates } from './tables';

const GENE_CACHE_NBYTES = 256 * 2 ** 20;

/** A bundle of schema 1.0.0 without a stream layer: JSON tables, read whole when it opens. */
export class BaseBundle extends DescribedBundle {
  readonly ids: CellTexts = textsInMemory((cell) => this.table.cellIds[cell]);
  readonly #genesCache = new ByteCache(GENE_CACHE_NBYTES);

  private constructor(
    files: Files,
    private readonly manifest: Manifest,
    private readonly table: Coordinates,
    private readonly inferred: readonly InferredColumn[],
  ) {
    super(files, {
      format: `KaroSpace ${manifest.schema_version}`,
      name: manifest.dataset_name,
      title: manifest.dataset_name,
      nCells: manifest.n_cells,
      nGenes: manifest.gene_list.length,
      embeddings: [describeCoordinates(manifest.coordinate_source, table)],
      columns: inferred.map(({ info }) => info),
      isOrdered: true,
      graph: null,
      vectors: [],
      images: imageOfAll(manifest.image),
      previewPath: manifest.preview_path ?? null,
      notes: describeMissing(inferred),
    });
  }

  static async open(files: Files, json: unknown, onProgress?: OnProgress): Promise<BaseBundle> {
    const manifest = check(ManifestSchema, json, 'manifest.json');
    const [first, second] = splitProgress(onProgress);
    const [places, records] = await Promise.all([
      readRows(files, manifest, 'coords_json', first),
      manifest.annotation_columns.length > 0 ? readRows(files, manifest, 'obs_json', second) : [],
    ]);
    return new BaseBundle(
      files,
      manifest,
      toCoordinates(places),
      toColumns(records, manifest.annotation_columns),
    );
  }

  genes(): Promise<GeneTable> {
    return Promise.resolve({ names: this.manifest.gene_list, ids: null });
  }

  coordinates(): Promise<Floats> {
    return Promise.resolve(this.table.positions);
  }

  column(index: number): Promise<ColumnValues> {
    const { values, info } = this.inferred[index];
    return values ? Promise.resolve(values) : Promise.reject(new Error(`column ${info.name} is text`));
  }

  expression(gene: number, signal?: AbortSignal): Promise<Floats> {
    return this.#expression(this.#genesCache, gene, signal);
  }

  passingGenes(): PassingGenes {
    const cache = new ByteCache(0);
    return { expression: (gene, signal) => this.#expression(cache, gene, signal) };
  }

  #expression(cache: ByteCache, gene: number, signal?: AbortSignal): Promise<Floats> {
    const entry = this.manifest.expression.genes.find(({ index }) => index === gene);
    if (!entry) {
      const name = this.manifest.gene_list[gene];
      throw new ViewerError(`manifest.json lists no expression for ${name}.`, 'Export the bundle again.');
    }
    const load = async (shared: AbortSignal) => {
      const values = new Float32Array(this.nCells);
      await mapParallel(entry.chunks, async ({ path, start, end }) => {
        const plain = byteLength('float32', end - start);
        const stored = await this.files.get(path, { most: packedAtMost(plain), signal: shared });
        const bytes = await inflate(stored, path, plain);
        values.set(decodeNumbers(bytes, 'float32', end - start, path), start);
      });
      return values;
    };
    return cache.get(String(gene), load, signal);
  }

  edges(): Promise<Edges> {
    return Promise.reject(new Error('there is no graph'));
  }

  vector(): Promise<Floats> {
    return Promise.reject(new Error('there are no vectors'));
  }

  texts(column: number): CellTexts {
    const { cell } = this.inferred[column];
    return textsInMemory(cell);
  }
}

function describeCoordinates(source: string, table: Coordinates): EmbeddingInfo {
  const label = source.replace(/^obsm:|^obs:/, '');
  const { origin, minimum, maximum } = table;
  // Schema 1.0.0 has tissue coordinates only; their y points down, as in an image.
  return { key: label, label, source, dims: 2, yAxis: 'down', origin, minimum, maximum };
}

function describeMissing(columns: readonly InferredColumn[]): string[] {
  const names = columns.filter(({ allMissing }) => allMissing).map(({ info }) => info.name);
  if (names.length === 0) return [];
  return [
    `The cells have no values in ${quotedNames(names)}. ` +
      'karospace-export 0.1.0 lost the values of text columns; export again with karospace-stream.',
  ];
}
