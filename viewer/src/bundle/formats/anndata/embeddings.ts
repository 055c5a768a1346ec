import type { Floats, Numbers } from '../../../bytes/numbers';
import { boundsOf } from '../../bounds';
import type { EmbeddingInfo, VectorInfo } from '../../bundle';
import type { Scales } from './scales';
import type { LaidOut } from './sections';
import type { Documents } from './zarr/documents';

export type Dim = 1 | 2 | 3;

/** Some columns of an array of obsm, as coordinates of the cells. */
export class StoredEmbedding implements EmbeddingInfo {
  readonly label: string;
  readonly source: string;
  readonly yAxis: 'up' | 'down';
  readonly spotDiameter: number | null;
  readonly micronsPerUnit: number | null;
  readonly laidOutBy: string | undefined;
  // The store does not hold the bounds: until the cells are loaded, a box that is large enough.
  origin: readonly number[];
  minimum: readonly number[];
  maximum: readonly number[];

  constructor(
    /** For links; the array's name if the array is drawn once. */
    readonly key: string,
    readonly array: string,
    readonly width: number,
    readonly columns: readonly number[],
    readonly dims: Dim,
    /** Its name, if the key could not hold it. */
    name = array,
    scales: Scales | null = null,
    laidOut: LaidOut | null = null,
  ) {
    this.laidOutBy = laidOut?.array === array ? laidOut.column : undefined;
    this.spotDiameter = scales?.spotDiameter ?? null;
    this.micronsPerUnit = scales?.micronsPerUnit ?? null;
    this.label = key.replace(array, () => name).replace(/^X_/, '');
    this.source = `obsm:${name}`;
    // Tissue is drawn like an image, whose y points down.
    this.yAxis = isTissue(array) ? 'down' : 'up';
    this.origin = columns.map(() => 0);
    this.minimum = columns.map(() => -1);
    this.maximum = columns.map(() => 1);
  }

  /** Coordinates from the array's rows, moved so that the middle of their bounds is the origin. */
  place(rows: Numbers): Floats {
    const chosen = this.pick(rows);
    const bounds = boundsOf(chosen, this.dims) ?? { minimum: this.origin, maximum: this.origin };
    this.minimum = bounds.minimum;
    this.maximum = bounds.maximum;
    this.origin = bounds.minimum.map((low, axis) => (low + bounds.maximum[axis]) / 2);
    return Float32Array.from(chosen, (value, at) => value - this.origin[at % this.dims]);
  }

  /** The columns that are drawn. */
  pick(rows: Numbers): Numbers {
    if (this.width === this.dims && this.columns.every((column, axis) => column === axis)) return rows;
    const nCells = rows.length / this.width;
    const chosen = new Float64Array(nCells * this.dims);
    for (let cell = 0, to = 0; cell < nCells; cell++)
      for (const column of this.columns) chosen[to++] = rows[cell * this.width + column];
    return chosen;
  }
}

/** An embedding that the store wants to be shown first, and its number of dimensions. */
export interface DefaultEmbedding {
  readonly dims: Dim;
  readonly array: string;
  readonly columns: readonly number[] | null;
}

const BY_DIMENSION: readonly [string, Dim][] = [
  ['X_umap_3d', 3],
  ['X_umap_2d', 2],
  ['X_umap_1d', 1],
];
const UMAPS = ['X_umap', 'X_UMAP', 'X_wnn.umap', 'X_ref.umap'];
/** Parts of names, from the most to the least likely first picture. */
const KNOWN = [
  'umap',
  'tsne',
  't-sne',
  't_sne',
  'draw_graph',
  'force',
  'phate',
  'pacmap',
  'trimap',
  'spatial',
];
/** Words for movement: a vector field has one, so that `scvi_umap` is an embedding. */
const MOVES =
  /^(velocity|velocities|velo|vel|v|fwd|bwd|acceleration|curvature|drift|displacements?|directions?|vectors?|vectorfield|arrows?|delta|gradient|transitions?|motion)$/;
const HARDLY = ['pca', 'scvi', 'latent', 'harmony', 'x_emb'];

/**
 * The embeddings of obsm: first the one that the store wants, else its UMAPs, else the best guess; then every
 * other array of one to three columns, except vector fields.
 */
export function embeddingsOf(
  documents: Documents,
  nCells: number,
  defaults: readonly DefaultEmbedding[],
  scales: Scales,
  laidOut: LaidOut | null = null,
): StoredEmbedding[] {
  const widths = widthsOf(documents, nCells);
  const fields = new Set([...widths.keys()].filter((key) => basisOf(key, widths) !== null));
  const first = defaults.length > 0 ? defaults : usualFirst(widths);
  const chosen: StoredEmbedding[] = [];
  const add = ({ array, dims, columns }: DefaultEmbedding) => {
    const width = widths.get(array);
    const picked = columns ?? Array.from({ length: dims }, (_, axis) => axis);
    if (width === undefined || picked.length !== dims || picked.some((column) => column >= width)) return;
    const key = chosen.some((other) => other.key === array) ? `${array}_${dims}d` : array;
    if (chosen.some((other) => other.array === array && other.columns.join() === picked.join())) return;
    const name = documents.nameOf('obsm', array);
    const own = plain(array) === 'spatial' ? scales : null;
    chosen.push(new StoredEmbedding(key, array, width, picked, dims, name, own, laidOut));
  };
  [...first].sort((a, b) => b.dims - a.dims).forEach(add);
  const rest = [...widths].filter(([key, width]) => width <= 3 && !fields.has(key));
  for (const [array, width] of rest.sort(([a], [b]) => byGuess(a, b))) {
    if (!chosen.some((other) => other.array === array)) add({ array, dims: width as Dim, columns: null });
  }
  if (chosen.length > 0) return chosen;
  // No array has up to three columns: take the first two of a wide one.
  const [wide] = [...widths.keys()].filter((key) => !fields.has(key)).sort(byGuess);
  if (wide !== undefined) add({ array: wide, dims: 2, columns: null });
  return chosen;
}

function usualFirst(widths: ReadonlyMap<string, number>): DefaultEmbedding[] {
  const whole = (array: string, dims: Dim): DefaultEmbedding => ({ array, dims, columns: null });
  const named = BY_DIMENSION.filter(([key]) => widths.has(key));
  if (named.length > 0) return named.map(([key, dims]) => whole(key, dims));
  const isFlat = (key: string) => (widths.get(key) ?? 4) <= 3;
  const umap = UMAPS.find(isFlat) ?? [...widths.keys()].find((key) => plain(key) === 'umap' && isFlat(key));
  return umap === undefined ? [] : [whole(umap, widths.get(umap) as Dim)];
}

/** A key without `X_` and in lower case, since other languages write it differently: `umap` for `X_UMAP`. */
function plain(key: string): string {
  return key.toLowerCase().replace(/^x_(?=.)/, '');
}

function isTissue(key: string): boolean {
  const name = plain(key);
  return (
    name.includes('spatial') &&
    ![...KNOWN, ...HARDLY].some((part) => part !== 'spatial' && name.includes(part))
  );
}

function widthsOf(documents: Documents, nCells: number): Map<string, number> {
  const widths = new Map<string, number>();
  for (const key of documents.children('obsm')) {
    const path = `obsm/${key}`;
    if (documents.kind(path) !== 'array') continue;
    const { shape, dtype } = documents.array(path);
    const isNumeric = /^([<>|][fiu]\d|float\d+|u?int\d+)$/.test(dtype);
    if (isNumeric && shape.length === 2 && shape[0] === nCells && shape[1] > 0) widths.set(key, shape[1]);
  }
  return widths;
}

function byGuess(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function rank(key: string): number {
  const name = key.toLowerCase();
  const known = KNOWN.findIndex((part) => name.includes(part));
  if (known >= 0) return known;
  return KNOWN.length + Number(HARDLY.some((part) => name.includes(part)));
}

export interface StoredVectors extends VectorInfo {
  readonly array: string;
}

/** Displacements: `<field>_<basis>` of the embedding `<basis>` or `X_<basis>`, as wide as it. */
export function vectorsOf(
  documents: Documents,
  nCells: number,
  embeddings: readonly StoredEmbedding[],
): StoredVectors[] {
  const widths = widthsOf(documents, nCells);
  return [...widths].flatMap(([array, width]) => {
    const basis = basisOf(array, widths);
    if (basis === null || width !== widths.get(basis)) return [];
    const field = array.slice(0, -plain(basis).length - 1).replaceAll('_', ' ');
    const label = field[0].toUpperCase() + field.slice(1);
    return embeddings.flatMap((info, embedding) =>
      info.array === basis
        ? [
            {
              key: embedding === 0 || info.key === info.array ? array : `${array}_${info.dims}d`,
              label,
              embedding,
              array,
            },
          ]
        : [],
    );
  });
}

/**
 * The embedding of a vector field `<field>_<basis>`: the longest basis that fits its name; null if the
 * array is not a vector field.
 */
function basisOf(key: string, widths: ReadonlyMap<string, number>): string | null {
  if (/^x_/i.test(key)) return null;
  for (let cut = key.indexOf('_', 1); cut > 0; cut = key.indexOf('_', cut + 1)) {
    const moves = key
      .slice(0, cut)
      .toLowerCase()
      .split('_')
      .some((word) => MOVES.test(word));
    const name = key.slice(cut + 1).toLowerCase();
    const bases = [...widths.keys()].filter((other) => other !== key && plain(other) === name);
    const basis = bases.find((other) => other.startsWith('X_')) ?? bases.at(0);
    if (moves && basis !== undefined) return basis;
  }
  return null;
}
