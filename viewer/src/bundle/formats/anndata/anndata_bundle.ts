import { ViewerError } from '../../../bytes/errors';
import type { Files } from '../../../bytes/files';
import type { Floats } from '../../../bytes/numbers';
import { Once } from '../../../bytes/shared';
import type { ColumnValues, Edges, GeneTable, LoadOptions, OnProgress, PassingGenes } from '../../bundle';
import { BlockTexts, type CellTexts } from '../../cells/cell_texts';
import type { About } from '../../about/about';
import { receiptOf, withChecksums, type Receipt } from '../../about/receipt';
import { DescribedBundle } from '../../described_bundle';
import { check } from '../../schema';
import { ArrayReader } from './zarr/arrays';
import { ColumnReader } from './columns/column_reader';
import { withNumberLabels } from './columns/number_labels';
import { columnsOf, unknownNotes, type ObsColumn } from './columns/columns';
import { textBlock } from './columns/text_blocks';
import { Documents } from './zarr/documents';
import { graphOf, readEdges } from './edges';
import { embeddingsOf, vectorsOf, type StoredEmbedding, type StoredVectors } from './embeddings';
import { fileMarkersOf, type GeneNumbers, type StoreMarkers } from './statistics/file_markers';
import { geneFactsOf } from './statistics/gene_facts';
import { tablesOf } from './statistics/tables';
import { readGeneNames } from './gene_names';
import { joinStatistics } from '../joined_statistics';
import type { GeneFacts, GroupStatistics } from '../../statistics';
import { matrixOf, type Matrix } from './matrix';
import { scalesOf } from './scales';
import { laidOutOf, overlapOf, type Overlap } from './sections';
import { FrameSchema } from './zarr/schema';
import { ZarrStore } from './zarr/store';
import { aboutOf, namesOf, defaultsOf } from './uns';

/** As chunks hold several genes. */
const PASSING_NBYTES = 64 * 2 ** 20;

interface Parts {
  readonly reader: ArrayReader;
  readonly names: { readonly name: string; readonly title: string };
  readonly obs: Frame;
  readonly genes: Frame;
  readonly embeddings: readonly StoredEmbedding[];
  readonly matrix: Matrix | null;
  readonly columns: readonly ObsColumn[];
  readonly columnReader: ColumnReader;
  /** Columns that this page cannot show. */
  readonly unknown: readonly string[];
  readonly overlap: Overlap | null;
  readonly ofFile: readonly StoreMarkers[];
  readonly tables: GroupStatistics | null;
}

/** An AnnData in a gene-major Zarr store. See docs/howto/anndata-stores.md. */
export class AnndataBundle extends DescribedBundle {
  readonly #parts: Parts;
  readonly #columns: readonly ObsColumn[];
  readonly #columnReader: ColumnReader;
  readonly #vectors: readonly StoredVectors[];
  readonly ids: CellTexts;
  readonly statistics: GroupStatistics | null;
  readonly geneFacts: GeneFacts | null;
  readonly #texts: CellTexts[] = [];
  readonly #genes = new Once((signal) => this.#loadGenes(signal));

  private constructor(files: Files, parts: Parts) {
    const { reader, obs, genes, embeddings, matrix, names, columns, unknown, overlap } = parts;
    const { documents } = reader.store;
    const vectors = vectorsOf(documents, obs.count, embeddings);
    const lacking = matrix ? [] : ['This store has no expression values: its X is empty.'];
    super(files, {
      format: `AnnData (Zarr v${documents.format})`,
      ...names,
      nCells: obs.count,
      nGenes: matrix ? genes.count : 0,
      embeddings,
      columns: columns.map(({ info }) => info),
      isOrdered: false,
      graph: graphOf(documents),
      vectors,
      images: [],
      previewPath: null,
      notes: [...(overlap ? [overlap.note] : []), ...lacking, ...unknownNotes(unknown)],
      overlap: overlap && { column: overlap.column, note: 0 },
    });
    this.#parts = parts;
    this.#columns = columns;
    this.statistics = joinStatistics(parts.tables, parts.ofFile, 'store');
    this.#columnReader = parts.columnReader;
    this.geneFacts = matrix
      ? geneFactsOf(reader, genes.count, this.columns, (signal) => this.genes(signal))
      : null;
    this.ids = new BlockTexts((cell) => textBlock(reader, obs.index, obs.count, cell));
    this.#vectors = vectors;
  }

  static async open(files: Files, json: unknown, mark: '.zmetadata' | 'zarr.json'): Promise<AnndataBundle> {
    const documents = Documents.read(json, mark, files.where);
    refuseOthers(documents, files.where);
    const reader = new ArrayReader(new ZarrStore(files, documents));
    const [obs, genes] = [frameOf(documents, 'obs'), frameOf(documents, 'var')];
    const matrix = matrixOf(reader, [obs.count, genes.count]);
    const columnReader = new ColumnReader(reader, obs.count);
    const { columns: stored, unknown } = columnsOf(documents, obs.columns);
    const numbers = numbersOf(reader, genes);
    const [names, defaults, scales, laidOut, overlap, ofFile] = await Promise.all([
      namesOf(reader),
      defaultsOf(reader),
      scalesOf(reader),
      laidOutOf(reader),
      overlapOf(reader),
      matrix ? fileMarkersOf(reader, numbers, genes.count) : [],
    ]);
    const embeddings = embeddingsOf(documents, obs.count, defaults, scales, laidOut);
    if (embeddings.length === 0) {
      throw new ViewerError(
        `${files.where} holds no coordinates: obsm must have an array of numbers with a row for each of the ${obs.count.toLocaleString('en')} cells.`,
        'Add an embedding or tissue coordinates to obsm, and write the store again.',
      );
    }
    const columns = await withNumberLabels(columnReader, stored);
    const labels = columns.map(({ info }) => info.name);
    const tables = matrix && tablesOf(reader, labels, ofFile, numbers, genes.count);
    return new AnndataBundle(files, {
      ...{ reader, names, obs, genes, embeddings, matrix },
      ...{ columns, columnReader, unknown, overlap, ofFile, tables },
    });
  }

  override about(): Promise<About> {
    return aboutOf(this.#parts.reader);
  }

  override receipt(): Promise<Receipt> {
    return withChecksums(receiptOf('', ''), this.files);
  }

  genes(signal?: AbortSignal): Promise<GeneTable> {
    return this.#genes.get(signal);
  }

  async coordinates(embedding: number, onProgress?: OnProgress, signal?: AbortSignal): Promise<Floats> {
    const info = this.#parts.embeddings[embedding];
    return info.place(await this.#obsm(info.array, info.width, { onProgress, signal }));
  }

  column(column: number, signal?: AbortSignal): Promise<ColumnValues> {
    return this.#columnReader.whole(this.#columns[column], signal);
  }

  expression(gene: number, signal?: AbortSignal): Promise<Floats> {
    const { matrix } = this.#parts;
    return matrix
      ? matrix.gene(gene, signal)
      : Promise.reject(new Error('this store has no expression values'));
  }

  /** A chunk is read once for all its genes. */
  passingGenes(): PassingGenes {
    const { reader, matrix } = this.#parts;
    if (!matrix) return this;
    const passing = matrixOf(new ArrayReader(reader.store, PASSING_NBYTES), [this.nCells, this.nGenes])!;
    return { expression: (gene, signal) => passing.gene(gene, signal) };
  }

  edges(onProgress?: OnProgress, signal?: AbortSignal): Promise<Edges> {
    return readEdges(this.#parts.reader, this.nCells, { onProgress, signal });
  }

  async vector(vector: number, signal?: AbortSignal): Promise<Floats> {
    const { array, embedding } = this.#vectors[vector];
    const info = this.#parts.embeddings[embedding];
    return Float32Array.from(info.pick(await this.#obsm(array, info.width, { signal })));
  }

  texts(column: number): CellTexts {
    this.#texts[column] ??= this.#columnReader.texts(this.#columns[column]);
    return this.#texts[column];
  }

  #obsm(array: string, width: number, options: LoadOptions) {
    return this.#parts.reader.numbers(`obsm/${array}`, [this.nCells, width], options);
  }

  async #loadGenes(signal: AbortSignal): Promise<GeneTable> {
    const { reader, genes, matrix } = this.#parts;
    if (!matrix) return { names: [], ids: null };
    // Also loads the start of each gene, so that the first gene costs no more than the others.
    const [names] = await Promise.all([
      reader.texts(genes.index, genes.count, signal),
      matrix.prepare(signal),
    ]);
    return readGeneNames(reader, genes.columns, names, signal);
  }
}

/** Numbers of the genes by their names in the index; of several with one name, the first. */
function numbersOf(reader: ArrayReader, { index, count }: Frame): GeneNumbers {
  const known = new Once(async (signal): Promise<ReadonlyMap<string, number>> => {
    const names = await reader.texts(index, count, signal);
    return new Map([...names.entries()].reverse().map(([gene, name]) => [name, gene]));
  });
  return (signal) => known.get(signal);
}

interface Frame {
  /** The array of the rows' names. */
  readonly index: string;
  readonly count: number;
  readonly columns: readonly string[];
}

function frameOf(documents: Documents, name: 'obs' | 'var'): Frame {
  const frame = check(FrameSchema, documents.attributes(name), `${documents.source} (${name})`);
  const index = documents.texts(`${name}/${frame._index}`);
  const [count] = documents.array(index).shape;
  return { index, count, columns: frame['column-order'].filter((column) => column !== frame._index) };
}

function refuseOthers(documents: Documents, where: string): void {
  if (documents.kind('obs') === 'group' && documents.kind('var') === 'group') return;
  const isMany = documents.kind('mod') === 'group';
  throw new ViewerError(
    isMany
      ? `The Zarr store ${where} is a MuData with several modalities, not an AnnData.`
      : `The Zarr store ${where} holds no AnnData: it has no groups obs and var.`,
    isMany
      ? 'Open one of the folders in mod, or write one modality as an AnnData.'
      : 'Give the address of the AnnData itself; it may be in a subfolder.',
  );
}
