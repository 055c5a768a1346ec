import * as v from 'valibot';
import { MOST_NBYTES, packedAtMost } from '../../../../bytes/bounded';
import { ViewerError } from '../../../../bytes/errors';
import { Count } from '../../../schema';
import { unpackers } from './codecs';
import type { ZarrStore } from './store';

const Side = v.pipe(Count, v.minValue(1));
const V2Schema = v.object({
  shape: v.strictTuple([Count]),
  chunks: v.strictTuple([Side]),
  dtype: v.array(v.tuple([v.string(), v.string()])),
  filters: v.optional(v.null()),
  compressor: v.nullish(v.object({ id: v.string() })),
});
const V3Schema = v.object({
  shape: v.strictTuple([Count]),
  data_type: v.object({
    name: v.picklist(['structured', 'struct']),
    configuration: v.object({
      fields: v.array(
        v.tuple([
          v.string(),
          v.union([
            v.string(),
            v.object({ name: v.string(), configuration: v.object({ length_bytes: Count }) }),
          ]),
        ]),
      ),
    }),
  }),
  chunk_grid: v.object({ configuration: v.object({ chunk_shape: v.strictTuple([Side]) }) }),
  chunk_key_encoding: v.optional(
    v.object({
      name: v.literal('default'),
      configuration: v.optional(v.object({ separator: v.optional(v.literal('/')) })),
    }),
  ),
  codecs: v.array(v.object({ name: v.string() })),
});

type Kind = 'float32' | 'float64' | 'utf32' | 'bytes';
interface Field {
  readonly kind: Kind;
  readonly offset: number;
  readonly nbytes: number;
}

/** How many of the first values are read: all by default. */
interface First {
  readonly count?: number;
  readonly signal?: AbortSignal;
}
type Visit = (row: number, view: DataView, at: number) => void;

/** A structured array with one axis, as anndata stores those of NumPy: a field for each group. */
export class Records {
  private constructor(
    readonly store: ZarrStore,
    readonly path: string,
    readonly names: readonly string[],
    readonly fields: readonly Field[],
    readonly count: number,
    readonly perChunk: number,
    readonly codecs: readonly string[],
  ) {}

  /** Null if it is no such array, or is encoded in another way. */
  static of(store: ZarrStore, path: string): Records | null {
    const json = store.documents.json(path);
    const found = store.documents.format === 2 ? describedV2(json) : describedV3(json);
    if (found === null) return null;
    let offset = 0;
    const fields: Field[] = [];
    for (const [, type] of found.fields) {
      const field = fieldOf(type, offset);
      if (field === null) return null;
      fields.push(field);
      offset += field.nbytes;
    }
    const isKnown = found.codecs.every((codec) => unpackers.has(codec));
    if (!isKnown || fields.length === 0 || offset * found.perChunk > MOST_NBYTES) return null;
    const names = found.fields.map(([name]) => name);
    return new Records(store, path, names, fields, found.count, found.perChunk, found.codecs);
  }

  /** The first values of a field, all by default. */
  async numbers(
    field: number,
    { count = this.count, signal }: First = {},
  ): Promise<Float64Array<ArrayBuffer>> {
    const { kind } = this.fields[field];
    const values = new Float64Array(count);
    const visit: Visit = (row, view, at) => {
      values[row] = kind === 'float32' ? view.getFloat32(at, true) : view.getFloat64(at, true);
    };
    await this.#each(field, count, visit, signal);
    return values;
  }

  async texts(field: number, { count = this.count, signal }: First = {}): Promise<string[]> {
    const { kind, nbytes } = this.fields[field];
    const values = new Array<string>(count).fill('');
    const utf8 = new TextDecoder();
    const visit: Visit = (row, view, at) => {
      if (kind === 'bytes') {
        const bytes = new Uint8Array(view.buffer, view.byteOffset + at, nbytes);
        values[row] = utf8.decode(bytes).replace(/\0+$/, '');
        return;
      }
      let text = '';
      for (let from = at; from < at + nbytes; from += 4) {
        const letter = view.getUint32(from, true);
        if (letter === 0 || letter > 0x10ffff) break;
        text += String.fromCodePoint(letter);
      }
      values[row] = text;
    };
    await this.#each(field, count, visit, signal);
    return values;
  }

  /** Visits a field of the first rows: one request for each chunk. */
  async #each(field: number, count: number, visit: Visit, signal?: AbortSignal): Promise<void> {
    const { offset } = this.fields[field];
    const width = this.fields.reduce((sum, { nbytes }) => sum + nbytes, 0);
    for (let start = 0; start < count; start += this.perChunk) {
      const bytes = await this.#chunk(start / this.perChunk, width * this.perChunk, signal);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const stop = Math.min(count, start + this.perChunk);
      for (let row = start; row < stop; row++) visit(row, view, (row - start) * width + offset);
    }
  }

  async #chunk(number: number, nbytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    const key = this.store.documents.format === 2 ? `${this.path}/${number}` : `${this.path}/c/${number}`;
    let bytes: Uint8Array = await this.store.files.get(key, { most: packedAtMost(nbytes), signal });
    for (const codec of [...this.codecs].reverse())
      bytes = await unpackers.get(codec)!(bytes, packedAtMost(nbytes));
    if (bytes.byteLength === nbytes) return bytes;
    throw new ViewerError(
      `The chunk ${key} must hold ${nbytes.toLocaleString('en')} bytes, but holds ${bytes.byteLength.toLocaleString('en')}.`,
      'The store is damaged: write it again.',
    );
  }
}

interface Described {
  readonly fields: readonly (readonly [string, string])[];
  readonly count: number;
  readonly perChunk: number;
  readonly codecs: readonly string[];
}

function describedV2(json: unknown): Described | null {
  const { success, output } = v.safeParse(V2Schema, json);
  if (!success) return null;
  const codecs = output.compressor ? [output.compressor.id] : [];
  return { fields: output.dtype, count: output.shape[0], perChunk: output.chunks[0], codecs };
}

function describedV3(json: unknown): Described | null {
  const { success, output } = v.safeParse(V3Schema, json);
  if (!success) return null;
  const fields = output.data_type.configuration.fields.map(
    ([name, type]) =>
      [name, typeof type === 'string' ? type : `${type.name}:${type.configuration.length_bytes}`] as const,
  );
  const codecs = output.codecs.map(({ name }) => name).filter((name) => name !== 'bytes');
  const [perChunk] = output.chunk_grid.configuration.chunk_shape;
  return { fields, count: output.shape[0], perChunk, codecs };
}

/** A field of a type, as either format writes it; null for a type that markers do not have. */
function fieldOf(type: string, offset: number): Field | null {
  if (type === '<f4' || type === 'float32') return { kind: 'float32', offset, nbytes: 4 };
  if (type === '<f8' || type === 'float64') return { kind: 'float64', offset, nbytes: 8 };
  const [, mark, length] = /^(<U|\|S|fixed_length_utf32:|null_terminated_bytes:)(\d+)$/.exec(type) ?? [];
  if (length === undefined) return null;
  const kind = mark === '<U' || mark.startsWith('fixed') ? 'utf32' : 'bytes';
  return { kind, offset, nbytes: mark === '<U' ? 4 * Number(length) : Number(length) };
}
