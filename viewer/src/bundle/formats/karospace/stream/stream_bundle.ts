import { MOST_JSON_NBYTES, MOST_NBYTES } from '../../../../bytes/bounded';
import { FileMissingError, ViewerError } from '../../../../bytes/errors';
import type { Files } from '../../../../bytes/files';
import { parseJson, readJson } from '../../../../bytes/json';
import type { Floats } from '../../../../bytes/numbers';
import { Once } from '../../../../bytes/shared';
import type {
  ColumnInfo,
  ColumnValues,
  Edges,
  EmbeddingInfo,
  GeneTable,
  ImageInfo,
  LeftOut,
  OnProgress,
  PassingGenes,
  SumsFile,
} from '../../../bundle';
import type { CellTexts } from '../../../cells/cell_texts';
import { readAbout, titleOf, type About } from '../../../about/about';
import { receiptOf, withReport, type Receipt } from '../../../about/receipt';
import { memberOf } from '../../../about/untrusted';
import { DescribedBundle } from '../../../described_bundle';
import { checkEdges } from '../../../edges';
import { splitProgress } from '../../../live/progress';
import { check } from '../../../schema';
import { imageOfAll } from '../images';
import type { GeneFacts, GroupStatistics, Neighbourhoods } from '../../../statistics';
import type { Tissue } from '../../../tissue';
import type { DecodeBlock } from '../../sparse_block';
import { joinStatistics } from '../../joined_statistics';
import { ClassicGenes } from './genes/classic';
import type { GeneValues } from './genes/gene_values';
import { PackedGenes } from './genes/packed';
import { StreamFileMarkers } from './file_markers';
import { StreamGeneFacts } from './gene_facts';
import { PartReader, type PartedArray } from './parts';
import { StreamNeighbourhoods } from './neighbourhoods';
import { StreamStatistics } from './statistics';
import { StreamOrder } from './order/order';
import { tissueOf } from './tissue/tissue';
import {
  AtlasSchema,
  GeneTableSchema,
  ReportSchema,
  type Atlas,
  type AtlasColumn,
  type Part,
} from './schema';

const REPORT = 'report.json';
const WHOLE_SHARDS =
  'This host sends whole files only, so that each gene comes with its neighbours, and takes longer. ' +
  'A host that supports byte ranges sends single genes.';

/** A bundle with a stream layer: `atlas.json` and arrays. See docs/formats/karospace.md. */
export class StreamBundle extends DescribedBundle {
  readonly #atlas: Atlas;
  readonly #reader: PartReader;
  readonly order: StreamOrder | null;
  readonly ids: CellTexts;
  readonly statistics: GroupStatistics | null;
  readonly neighbourhoods: Neighbourhoods | null;
  readonly geneFacts: GeneFacts;
  readonly sums: SumsFile | null;
  readonly tissue: Tissue | null;
  readonly #values: GeneValues;
  readonly #listeners: ((note: string) => void)[] = [];
  readonly #texts: CellTexts[] = [];
  readonly #genes = new Once((signal) => this.#loadGenes(signal));

  constructor(files: Files, json: unknown) {
    const atlas = check(AtlasSchema, json, 'atlas.json');
    checkVectors(atlas);
    super(files, {
      format: `KaroSpace stream ${atlas.version}`,
      name: atlas.dataset_name,
      title: titleOf(memberOf(atlas.about, 'title'), atlas.dataset_name),
      nCells: atlas.n_cells,
      nGenes: atlas.n_genes,
      embeddings: atlas.embeddings.map(toEmbeddingInfo),
      columns: atlas.columns.map(toColumnInfo),
      isOrdered: true,
      graph: atlas.graph ? { label: atlas.graph.key, nEdges: atlas.graph.n_edges } : null,
      vectors: atlas.vectors.map(({ key, label, embedding }) => ({ key, label, embedding })),
      images: [...imageOfAll(atlas.image), ...imagesOfCells(atlas)],
      previewPath: atlas.preview_path ?? null,
      notes: atlas.notes,
      overlap: atlas.overlapping_sections,
    });
    this.#atlas = atlas;
    this.#reader = new PartReader(files, atlas.n_cells);
    this.#values = this.#valuesOf(atlas);
    this.order = atlas.order ? new StreamOrder(this.#reader, atlas.order, atlas.embeddings[0]) : null;
    this.ids = this.#textsOf(atlas.cell_ids.parts);
    const computed = atlas.statistics
      ? new StreamStatistics(files, this.#reader, atlas.statistics, atlas.n_genes)
      : null;
    const ofFile = atlas.markers_of_file.map(
      (entry) => new StreamFileMarkers(files, this.#reader, entry, atlas.n_genes),
    );
    this.statistics = joinStatistics(computed, ofFile, 'bundle');
    this.neighbourhoods = atlas.neighbourhoods
      ? new StreamNeighbourhoods(this.#reader, atlas.neighbourhoods, atlas.n_genes)
      : null;
    this.geneFacts = new StreamGeneFacts(files, this.#reader, atlas, this.columns);
    this.sums = sumsOf(files, atlas);
    this.tissue = tissueOf(files, this.#reader, atlas);
  }

  genes(signal?: AbortSignal): Promise<GeneTable> {
    return this.#genes.get(signal);
  }

  async coordinates(embedding: number, onProgress?: OnProgress, signal?: AbortSignal): Promise<Floats> {
    const { parts, dtype, dims } = this.#atlas.embeddings[embedding];
    return (await this.#reader.whole({ parts, dtype, width: dims }, { onProgress, signal })) as Floats;
  }

  async column(index: number, signal?: AbortSignal): Promise<ColumnValues> {
    const column = this.#atlas.columns[index];
    const values = await this.#reader.whole(numeric(column), { signal });
    if (column.kind === 'category' || column.kind === 'bool') {
      return { kind: 'codes', codes: values, missing: column.missing };
    }
    return { kind: 'numbers', values };
  }

  expression(gene: number, signal?: AbortSignal): Promise<Floats> {
    return this.#values.expression(gene, signal);
  }

  passingGenes(): PassingGenes {
    return this.#values.passing();
  }

  decodeIn(decode: DecodeBlock): void {
    if (this.#values instanceof PackedGenes) this.#values.decode = decode;
  }

  onNote(listener: (note: string) => void): void {
    this.#listeners.push(listener);
  }

  #valuesOf({ genes: { expression } }: Atlas): GeneValues {
    if (!('encoding' in expression)) return new ClassicGenes(this.files, this.#reader, expression);
    const say = () => this.#listeners.forEach((listener) => listener(WHOLE_SHARDS));
    return new PackedGenes(this.files, expression, this.nCells, this.nGenes, say);
  }

  async edges(onProgress?: OnProgress, signal?: AbortSignal): Promise<Edges> {
    const { graph } = this.#atlas;
    if (!graph) throw new Error('there is no graph');
    const array = { dtype: graph.dtype, width: 1, rows: { count: graph.n_edges, of: 'edge' } };
    const [first, second] = splitProgress(onProgress);
    const [sources, targets] = await Promise.all([
      this.#reader.whole({ ...array, parts: graph.sources }, { onProgress: first, signal }),
      this.#reader.whole({ ...array, parts: graph.targets }, { onProgress: second, signal }),
    ]);
    const edges = checkEdges(sources, targets, this.nCells, `the graph “${graph.key}”`);
    return this.order ? this.order.edges(edges, signal) : edges;
  }

  async vector(index: number, signal?: AbortSignal): Promise<Floats> {
    const { parts, dtype, dims } = this.#atlas.vectors[index];
    return (await this.#reader.whole({ parts, dtype, width: dims }, { signal })) as Floats;
  }

  texts(index: number): CellTexts {
    const column = this.#atlas.columns[index];
    if (column.kind !== 'string') throw new Error(`column ${column.name} is no text`);
    this.#texts[index] ??= this.#textsOf(column.parts);
    return this.#texts[index];
  }

  override about(): Promise<About> {
    return Promise.resolve(readAbout(this.#atlas.about));
  }

  override receipt(): Promise<Receipt> {
    return withReport(receiptOf(this.#atlas.generator, this.#atlas.created_at), this.files);
  }

  /** From `report.json`, which is for people; null without it. */
  async leftOut(): Promise<readonly LeftOut[] | null> {
    try {
      const report = check(ReportSchema, parseJson(await this.file(REPORT), REPORT), REPORT);
      return report.left_out ?? null;
    } catch (error) {
      if (error instanceof FileMissingError) return null;
      throw error;
    }
  }

  #textsOf(parts: readonly Part[]): CellTexts {
    const texts = this.#reader.texts(parts);
    return this.order ? this.order.texts(texts) : texts;
  }

  async #loadGenes(signal: AbortSignal): Promise<GeneTable> {
    const { path } = this.#atlas.genes.table;
    const table = check(
      GeneTableSchema,
      await readJson(this.files, path, { most: geneTableAtMost(this.nGenes), signal }),
      path,
    );
    const numbers = Object.values(table.variable?.columns ?? {});
    const wrong = [table.name, table.id, table.groups?.codes, ...numbers].find(
      (list) => list && list.length !== this.nGenes,
    );
    if (wrong) {
      throw new ViewerError(
        `${path} names ${wrong.length} genes, but atlas.json says ${this.nGenes}.`,
        'The bundle is a mixture of two exports: export it again.',
      );
    }
    const { name: names, id: ids = null, variable, groups } = table;
    return { names, ids, ...(variable && { variable }), ...(groups && { groups }) };
  }
}

/** Most bytes of the table of genes. With a hundred thousand genes it is larger than any other document. */
function geneTableAtMost(nGenes: number): number {
  return Math.min(MOST_NBYTES, Math.max(MOST_JSON_NBYTES, nGenes * 256));
}

function checkVectors({ vectors, embeddings }: Atlas): void {
  for (const { key, embedding, dims } of vectors) {
    const wanted = embeddings.at(embedding)?.dims;
    if (embedding < embeddings.length && wanted === dims) continue;
    throw new ViewerError(
      `atlas.json is inconsistent: the vectors “${key}” belong to embedding ${embedding} in ${dims}-D, ` +
        (wanted === undefined ? 'which does not exist.' : `which is in ${wanted}-D.`),
      'Export the bundle again.',
    );
  }
}

function sumsOf(files: Files, { pseudobulk }: Atlas): SumsFile | null {
  if (!pseudobulk) return null;
  const { path, size_bytes, columns, matrix, n_combinations } = pseudobulk;
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    nBytes: size_bytes,
    columns,
    matrix,
    nCombinations: n_combinations,
    load: () => files.get(path, { most: size_bytes }),
  };
}

function imagesOfCells({ images, embeddings }: Atlas): ImageInfo[] {
  return images.map(({ column, category, placement, ...image }) => {
    if (image.embedding >= embeddings.length) {
      throw new ViewerError(
        `atlas.json is inconsistent: the image ${image.path} belongs to embedding ${image.embedding}, which does not exist.`,
        'Export the bundle again.',
      );
    }
    return { ...image, placement: placement ?? null, cells: column === null ? null : { column, category } };
  });
}

function numeric(column: AtlasColumn): PartedArray {
  if (column.kind === 'string') throw new Error(`column ${column.name} is text`);
  return { parts: column.parts, dtype: column.dtype, width: 1 };
}

function toEmbeddingInfo(embedding: Atlas['embeddings'][number]): EmbeddingInfo {
  const { key, label, source, dims, y_axis, origin } = embedding;
  return {
    key,
    label,
    source,
    dims,
    yAxis: y_axis,
    spotDiameter: embedding.spot_diameter ?? null,
    spotAngle: embedding.spot_shape === 'square' ? (embedding.spot_angle ?? 0) : null,
    micronsPerUnit: embedding.microns_per_unit ?? null,
    laidOutBy: embedding.arranged?.column,
    origin,
    minimum: embedding.minimum.map((value) => value ?? 0),
    maximum: embedding.maximum.map((value) => value ?? 0),
  };
}

function toColumnInfo(column: AtlasColumn): ColumnInfo {
  if (column.kind === 'category') {
    const { name, kind, categories, colors } = column;
    return { name, kind, categories, colors: colors?.length === categories.length ? colors : null };
  }
  return { name: column.name, kind: column.kind };
}
