import * as v from 'valibot';
import { ViewerError } from '../../../../bytes/errors';
import type { Floats, Numbers } from '../../../../bytes/numbers';
import { mapParallel } from '../../../../bytes/parallel';
import { Once } from '../../../../bytes/shared';
import type { ArrayReader } from '../zarr/arrays';
import { FrameSchema } from '../zarr/schema';

/** Types of arrays of numbers. */
export const NUMBER = /^([<>|][fiu][1248]|(float|u?int)(8|16|32|64))$/;

/** A data frame of genes × groups: an array of numbers for each group. */
export class GeneFrame {
  readonly #rowOf = new Once(async (signal): Promise<ReadonlyMap<string, number>> => {
    const names = await this.reader.texts(this.index, this.count, signal);
    return new Map([...names.entries()].reverse().map(([row, name]) => [name, row]));
  });

  private constructor(
    readonly reader: ArrayReader,
    /** Of the array with the names of the genes. */
    readonly index: string,
    readonly count: number,
    readonly groups: readonly string[],
    readonly paths: readonly string[],
  ) {}

  /** Null if there is no such frame, or this page cannot read it. */
  static of(reader: ArrayReader, path: string): GeneFrame | null {
    try {
      return frameOf(reader, path, (...parts) => new GeneFrame(reader, ...parts));
    } catch (error) {
      if (error instanceof ViewerError) return null;
      throw error;
    }
  }

  /** Some rows of all groups, `(rows.length, n_groups)`: only their chunks are loaded. NaN for a row of -1. */
  async rows(rows: readonly number[], signal?: AbortSignal): Promise<Floats> {
    const width = this.paths.length;
    const values = new Float32Array(rows.length * width).fill(Number.NaN);
    const chunks = this.paths.flatMap((path, group) => {
      const [length] = this.reader.store.documents.array(path).chunks;
      const wanted = new Set(rows.filter((row) => row >= 0).map((row) => Math.floor(row / length)));
      return [...wanted].map((chunk) => ({ path, group, from: chunk * length, length }));
    });
    await mapParallel(chunks, async ({ path, group, from, length }) => {
      const to = Math.min(this.count, from + length);
      const some = await this.reader.slice(path, this.count, from, to, signal);
      rows.forEach((row, at) => {
        if (from <= row && row < to) values[at * width + group] = some[row - from];
      });
    });
    return values;
  }

  /** All rows of a group. The result is shared: do not write into it. */
  column(group: number, signal?: AbortSignal): Promise<Numbers> {
    return this.reader.numbers(this.paths[group], [this.count], { signal });
  }

  /** Rows by the names of genes; of several with one name, the first. */
  rowOf(signal?: AbortSignal): Promise<ReadonlyMap<string, number>> {
    return this.#rowOf.get(signal);
  }
}

type Make = (index: string, count: number, groups: readonly string[], paths: readonly string[]) => GeneFrame;

function frameOf(reader: ArrayReader, path: string, make: Make): GeneFrame | null {
  const { documents } = reader.store;
  if (documents.kind(path) !== 'group' || documents.encoding(path) !== 'dataframe') return null;
  const parsed = v.safeParse(FrameSchema, documents.attributes(path));
  if (!parsed.success) return null;
  const { _index, 'column-order': order } = parsed.output;
  const index = documents.texts(`${path}/${_index}`);
  const { shape } = documents.array(index);
  const keys = order.filter((key) => key !== _index);
  const isNumbers = (key: string) => {
    if (documents.kind(`${path}/${key}`) !== 'array') return false;
    const array = documents.array(`${path}/${key}`);
    return NUMBER.test(array.dtype) && array.shape.join() === shape.join();
  };
  if (shape.length !== 1 || keys.length === 0 || !keys.every(isNumbers)) return null;
  const groups = keys.map((key) => documents.nameOf(path, key));
  const paths = keys.map((key) => `${path}/${key}`);
  return make(index, shape[0], groups, paths);
}
