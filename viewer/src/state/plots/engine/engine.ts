import { transfer } from 'comlink';
import type { Mask } from '../../filters/mask';
import type { Cells } from '../../selection/sets';
import { crossingOf } from '../counts/crossing';
import { dotsOf, type Dots } from '../dots/dots';
import { histogramOf, type Histogram } from '../counts/histogram';
import { cellsInside, scatterOf, type Scatter } from '../scatter/scatter';
import {
  cellsOfViolin,
  violinsOf,
  type ViolinInput,
  type ViolinOptions,
  type Violins,
} from '../violin/violins';
import { numbersOf, type Vector } from './vectors';

/** Names a vector. */
export type VectorKey = string;

export interface ViolinRequest extends ViolinOptions {
  readonly values: VectorKey;
  readonly by: VectorKey | null;
  readonly split: VectorKey | null;
}

export interface ScatterRequest {
  readonly x: VectorKey;
  readonly y: VectorKey;
  readonly colours: VectorKey | null;
  readonly nColours: number;
  readonly isLog: boolean;
}

export interface HistogramRequest {
  readonly values: VectorKey;
  readonly by: VectorKey | null;
  readonly nBy: number;
  readonly nBins: number;
}

export interface DotsRequest {
  readonly genes: readonly VectorKey[];
  readonly by: VectorKey | null;
  readonly nBy: number;
  readonly nCells: number;
}

export interface CrossingRequest {
  readonly by: VectorKey | null;
  readonly nBy: number;
  readonly of: VectorKey;
  readonly nOf: number;
  readonly nCells: number;
}

export type Range = readonly [number, number];

/** Computes the numbers of plots, from vectors that it keeps: in the worker of the page, or in the page if there is none. */
export function engine() {
  const vectors = new Map<VectorKey, Vector>();
  const vectorOf = (key: VectorKey | null) => (key === null ? null : (vectors.get(key) ?? null));
  const violinInput = (request: ViolinRequest, mask: Mask): ViolinInput => ({
    ...request,
    mask,
    values: numbersOf(vectors.get(request.values)),
    by: vectorOf(request.by),
    split: vectorOf(request.split),
  });
  const scatterInput = (request: ScatterRequest, mask: Mask) => ({
    ...request,
    mask,
    x: numbersOf(vectors.get(request.x)),
    y: numbersOf(vectors.get(request.y)),
    colours: vectorOf(request.colours),
  });
  const handOver = (cells: Cells) => transfer(cells, [cells.buffer]);
  return {
    /** Forgets the vectors of another bundle. */
    beginPlots: () => vectors.clear(),
    putVector(key: VectorKey, vector: Vector): void {
      vectors.set(key, vector);
    },
    dropVector(key: VectorKey): void {
      vectors.delete(key);
    },
    violins: (request: ViolinRequest, mask: Mask): Violins => violinsOf(violinInput(request, mask)),
    cellsOfViolin: (request: ViolinRequest, mask: Mask, by: number, split: number): Cells =>
      handOver(cellsOfViolin(violinInput(request, mask), by, split)),
    histogram: (request: HistogramRequest, mask: Mask): Histogram =>
      histogramOf({
        ...request,
        mask,
        values: numbersOf(vectors.get(request.values)),
        by: vectorOf(request.by),
      }),
    crossing: (request: CrossingRequest, mask: Mask): Uint32Array =>
      crossingOf({ ...request, mask, by: vectorOf(request.by), of: vectors.get(request.of)! }),
    dots: (request: DotsRequest, mask: Mask): Dots =>
      dotsOf({
        ...request,
        mask,
        genes: request.genes.map((key) => numbersOf(vectors.get(key))),
        by: vectorOf(request.by),
      }),
    scatter: (request: ScatterRequest, mask: Mask): Scatter => scatterOf(scatterInput(request, mask)),
    cellsInside: (request: ScatterRequest, mask: Mask, across: Range, up: Range): Cells =>
      handOver(cellsInside(scatterInput(request, mask), across, up)),
  };
}

export type Engine = ReturnType<typeof engine>;
