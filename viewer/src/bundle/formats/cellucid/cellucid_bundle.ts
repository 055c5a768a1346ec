import { FileMissingError, ViewerError } from '../../../bytes/errors';
import type { Floats } from '../../../bytes/numbers';
import { Once } from '../../../bytes/shared';
import { readAbout, titleOf, type About } from '../../about/about';
import { receiptOf, withChecksums, type Receipt } from '../../about/receipt';
import { memberOf } from '../../about/untrusted';
import type { LiveFiles } from '../../live/live_files';
import { boundsOf } from '../../bounds';
import type { ColumnValues, Edges, GeneTable, OnProgress, PassingGenes } from '../../bundle';
import { textsInMemory, type CellTexts } from '../../cells/cell_texts';
import { DescribedBundle } from '../../described_bundle';
import { checkEdges } from '../../edges';
import { splitProgress } from '../../live/progress';
import { check } from '../../schema';
import {
  checkPoints,
  collisionNotes,
  columnsOf,
  overlapOf,
  pointsOf,
  vectorsOf,
  type FieldVectors,
  type ObsColumn,
  type PointsInfo,
} from './describe';
import { fileKey, fillPattern } from './names';
import { ArrayReader } from './reader';
import {
  ConnectivitySchema,
  IdentitySchema,
  ObsManifestSchema,
  VarManifestSchema,
  type Categorical,
  type Field,
  type Identity,
  type ObsManifest,
  type Stored,
  type VarManifest,
} from './schema';

const OBS = 'obs_manifest.json';
const VAR = 'var_manifest.json';
const CONNECTIVITY = 'connectivity_manifest.json';
const EXTENSIONS = { uint8: 'u8', uint16: 'u16' } as const;

/** A Cellucid export, identity version 2. */
export class CellucidBundle extends DescribedBundle<LiveFiles> {
  /** The format has no names of cells, so their numbers stand for them. */
  readonly ids: CellTexts = textsInMemory(String);
  readonly #points: readonly PointsInfo[];
  readonly #fields: readonly FieldVectors[];
  readonly #columns: readonly ObsColumn[];
  readonly #obs: ObsManifest | null;
  readonly #identity: Identity;
  readonly #reader: ArrayReader;
  #var: VarManifest | null;
  readonly #loadedVar = new Once(
    async (signal) => (this.#var ??= await readVar(this.#reader, this.nCells, signal)),
  );

  private constructor(
    files: LiveFiles,
    identity: Identity,
    obs: ObsManifest | null,
    genes: VarManifest | null,
  ) {
    const { n_cells, n_genes, n_edges, has_connectivity } = identity.stats;
    const name = identity.name || (identity.id ?? '');
    const points = pointsOf(identity);
    const overlap = overlapOf(identity);
    const fields = vectorsOf(identity, points);
    const columns = columnsOf(identity, obs, points);
    super(files, {
      format: 'Cellucid 2',
      name,
      title: titleOf(memberOf(identity.about, 'title'), name),
      nCells: n_cells,
      // The identity has the number of genes in the source; the manifest has that of the export.
      nGenes: genes?.fields.length ?? n_genes ?? 0,
      embeddings: points,
      columns: columns.map(({ info }) => info),
      isOrdered: false,
      graph: has_connectivity ? { label: 'connectivities', nEdges: n_edges ?? 0 } : null,
      vectors: fields,
      images: [],
      previewPath: null,
      notes: [...(overlap ? [overlap.note] : []), ...collisionNotes(columns, genes)],
      overlap: overlap && { column: overlap.column, note: 0 },
    });
    this.#points = points;
    this.#fields = fields;
    this.#columns = columns;
    this.#obs = obs;
    this.#identity = identity;
    this.#var = genes;
    this.#reader = new ArrayReader(files);
  }

  static async open(files: LiveFiles, json: unknown): Promise<CellucidBundle> {
    const identity = check(IdentitySchema, json, 'dataset_identity.json');
    const { n_cells, n_genes } = identity.stats;
    const reader = new ArrayReader(files);
    const wantsGenes = (n_genes ?? 0) > 0;
    const [obs, genes] = await Promise.all([
      identity.obs_fields?.length === 0 ? null : readObs(reader, n_cells),
      // While the export runs there may be no manifest of genes yet: a request for a gene waits for it.
      wantsGenes
        ? readVar(files.progress ? new ArrayReader(files.files) : reader, n_cells).catch(orNull(files))
        : null,
    ]);
    return new CellucidBundle(files, identity, obs, genes);
  }

  /** The fields of the format itself, and those that our exports add. */
  override about(): Promise<About> {
    const { about, description, source } = this.#identity;
    const further = typeof about === 'object' ? about : {};
    return Promise.resolve(
      readAbout({ ...further, description, source, citation: memberOf(source, 'citation') }),
    );
  }

  override receipt(): Promise<Receipt> {
    const { cellucid_data_version, created_at, stats } = this.#identity;
    const nGenesSource = stats.n_genes ?? null;
    return withChecksums(receiptOf(cellucid_data_version, created_at, { nGenesSource }), this.files);
  }

  async genes(signal?: AbortSignal): Promise<GeneTable> {
    if (this.nGenes === 0) return { names: [], ids: null };
    const { fields, var_gene_ids } = this.#var ?? (await this.#loadedVar.get(signal));
    const ids = var_gene_ids?.length === fields.length ? var_gene_ids : null;
    return { names: fields.map(([name]) => name), ids };
  }

  async coordinates(embedding: number, onProgress?: OnProgress, signal?: AbortSignal): Promise<Floats> {
    const info = this.#points[embedding];
    const options = { onProgress, signal };
    const positions = await this.#reader.floats(info.path, this.nCells * info.dims, options);
    Object.assign(info, boundsOf(positions, info.dims));
    return positions;
  }

  async column(index: number, signal?: AbortSignal): Promise<ColumnValues> {
    const column = this.#columns[index];
    if (column.info.kind === 'number') {
      const stored = this.#obs?._obsSchemas.continuous;
      if (!stored) throw lacks(OBS, '_obsSchemas.continuous');
      return { kind: 'numbers', values: await this.#values(stored, column.field, OBS, signal) };
    }
    return this.#codes(column.field as Categorical, signal);
  }

  expression(gene: number, signal?: AbortSignal): Promise<Floats> {
    return this.#expression(this.#reader, gene, signal);
  }

  passingGenes(): PassingGenes {
    const reader = new ArrayReader(this.files, 0);
    return { expression: (gene, signal) => this.#expression(reader, gene, signal) };
  }

  async #expression(reader: ArrayReader, gene: number, signal?: AbortSignal): Promise<Floats> {
    await this.genes(signal);
    return this.files.waitFor(async () => {
      let manifest = this.#var!;
      if (lacksRange(manifest, gene) && this.files.progress) {
        // The range of a gene is known with the gene: the manifest is then written again.
        manifest = this.#var = await readVar(this.#reader, this.nCells, signal);
        if (lacksRange(manifest, gene)) throw new FileMissingError(VAR, this.where, 'not written yet');
      }
      return this.#values(manifest._varSchema, manifest.fields[gene], VAR, signal, reader);
    }, signal);
  }

  async edges(onProgress?: OnProgress, signal?: AbortSignal): Promise<Edges> {
    const json = await this.#reader.json(CONNECTIVITY, signal);
    const manifest = check(ConnectivitySchema, json, CONNECTIVITY);
    const { n_cells, n_edges, index_dtype, sourcesPath, destinationsPath } = manifest;
    checkPoints(CONNECTIVITY, n_cells, this.nCells);
    const [first, second] = splitProgress(onProgress);
    const [sources, targets] = await Promise.all([
      this.#reader.numbers(sourcesPath, index_dtype, n_edges, { onProgress: first, signal }),
      this.#reader.numbers(destinationsPath, index_dtype, n_edges, { onProgress: second, signal }),
    ]);
    return checkEdges(sources, targets, this.nCells, sourcesPath);
  }

  vector(vector: number, signal?: AbortSignal): Promise<Floats> {
    const { path, embedding } = this.#fields[vector];
    return this.#reader.floats(path, this.nCells * this.#points[embedding].dims, { signal });
  }

  texts(column: number): CellTexts {
    throw new Error(`column ${this.columns[column].name} is no text`);
  }

  async #codes([key, categories, dtype, missing]: Categorical, signal?: AbortSignal): Promise<ColumnValues> {
    const pattern = this.#obs?._obsSchemas.categorical?.codesPathPattern;
    if (pattern === undefined) throw lacks(OBS, '_obsSchemas.categorical');
    const path = fillPattern(pattern, { key: fileKey(key), ext: EXTENSIONS[dtype] });
    const codes = await this.#reader.numbers(path, dtype, this.nCells, { signal });
    for (let cell = 0; cell < codes.length; cell++) {
      if (codes[cell] < categories.length || codes[cell] === missing) continue;
      throw new ViewerError(
        `In ${path}, cell ${cell} has the category ${codes[cell]}, but “${key}” has only ${categories.length} categories.`,
        'The folder is a mixture of two exports: export it again.',
      );
    }
    return { kind: 'codes', codes, missing };
  }

  #values(
    { pathPattern, dtype }: Stored,
    [key, minimum, maximum]: Field,
    manifest: string,
    signal?: AbortSignal,
    reader = this.#reader,
  ): Promise<Floats> {
    const path = fillPattern(pathPattern, { key: fileKey(key) });
    if (dtype === 'float32') return reader.floats(path, this.nCells, { signal });
    if (typeof minimum !== 'number' || typeof maximum !== 'number')
      return Promise.reject(lacks(manifest, `the range of “${key}”`));
    return reader.quantised(path, dtype, this.nCells, [minimum, maximum], signal);
  }
}

function lacksRange({ _varSchema, fields }: VarManifest, gene: number): boolean {
  return _varSchema.dtype !== 'float32' && fields[gene].length < 3;
}

async function readObs(reader: ArrayReader, nCells: number): Promise<ObsManifest> {
  const manifest = check(ObsManifestSchema, await reader.json(OBS), OBS);
  checkPoints(OBS, manifest.n_points, nCells);
  return manifest;
}

async function readVar(reader: ArrayReader, nCells: number, signal?: AbortSignal): Promise<VarManifest> {
  const manifest = check(VarManifestSchema, await reader.json(VAR, signal), VAR);
  checkPoints(VAR, manifest.n_points, nCells);
  return manifest;
}

/** Ignores a missing file while the export is known to run. */
function orNull(files: LiveFiles): (error: unknown) => null {
  return (error) => {
    if (error instanceof FileMissingError && files.progress) return null;
    throw error;
  };
}

function lacks(manifest: string, what: string): ViewerError {
  return new ViewerError(`${manifest} lacks ${what}.`, 'The export is damaged: export it again.');
}
