import { deflateSync, gzipSync } from 'node:zlib';
import type { Bytes } from '../src/bytes/files';
import { json, MapFiles, toBytes } from './map_files';

export type Json = Record<string, unknown>;
type Values = Int8Array | Int16Array | Int32Array | Uint8Array | Float32Array | Float64Array | BigInt64Array;

const DTYPES: Record<string, [string, string]> = {
  Int8Array: ['|i1', 'int8'],
  Int16Array: ['<i2', 'int16'],
  Int32Array: ['<i4', 'int32'],
  Uint8Array: ['|b1', 'bool'],
  Float32Array: ['<f4', 'float32'],
  Float64Array: ['<f8', 'float64'],
  BigInt64Array: ['<i8', 'int64'],
};

interface ArrayOptions {
  shape?: number[];
  chunks?: number[];
  attributes?: Json;
  shuffle?: boolean;
  /** Chunks of a shard, in Zarr v3. */
  shard?: number;
}

const ARRAY = { 'encoding-type': 'array', 'encoding-version': '0.2.0' };
const TEXTS = { 'encoding-type': 'string-array', 'encoding-version': '0.2.0' };

/** Writes a Zarr store of either format into memory, as the format's own writers lay it out. */
export class StoreBuilder {
  readonly files = new Map<string, Bytes>();
  readonly #documents: Json = {};

  constructor(readonly format: 2 | 3) {
    this.group('', { 'encoding-type': 'anndata', 'encoding-version': '0.1.0' });
  }

  group(path: string, attributes: Json): this {
    if (this.format === 3)
      return this.#document(path, 'zarr.json', { zarr_format: 3, node_type: 'group', attributes });
    this.#document(path, '.zgroup', { zarr_format: 2 });
    return this.#document(path, '.zattrs', attributes);
  }

  array(path: string, values: Values, options: ArrayOptions = {}): this {
    const { shape = [values.length], chunks = shape, attributes = ARRAY, shuffle = false, shard } = options;
    const [v2, v3] = DTYPES[values.constructor.name];
    const packed = [...this.#cut(values, shape, chunks)].map(
      ([key, chunk]) => [key, this.#pack(toBytes(chunk), shuffle ? chunk.BYTES_PER_ELEMENT : 1)] as const,
    );
    this.#describe(path, { shape, chunks, attributes, dtype: this.format === 2 ? v2 : v3, shuffle, shard });
    if (shard)
      this.#putShards(
        path,
        packed.map(([, bytes]) => bytes),
        shard,
      );
    else for (const [key, bytes] of packed) this.#put(path, key, bytes);
    return this;
  }

  /** With a larger `count` what is beyond the values is in no chunk. */
  texts(
    path: string,
    values: readonly string[],
    chunk = Math.max(1, values.length),
    count = values.length,
  ): this {
    this.#describe(path, { shape: [count], chunks: [chunk], attributes: TEXTS, dtype: 'texts' });
    for (let at = 0; at * chunk < values.length; at++) {
      const some = Array.from({ length: chunk }, (_, item) => values[at * chunk + item] ?? '');
      this.#put(path, String(at), this.#pack(vlen(some), 1));
    }
    return this;
  }

  scalar(path: string, value: string): this {
    this.#describe(path, {
      shape: [],
      chunks: [],
      attributes: { 'encoding-type': 'string' },
      dtype: 'texts',
    });
    return this.#put(path, this.format === 2 ? '0' : '', this.#pack(vlen([value]), 1));
  }

  number(path: string, value: number): this {
    this.#describe(path, {
      shape: [],
      chunks: [],
      attributes: { 'encoding-type': 'numeric-scalar' },
      dtype: this.format === 2 ? '<f8' : 'float64',
    });
    return this.#put(path, this.format === 2 ? '0' : '', this.#pack(toBytes(Float64Array.of(value)), 1));
  }

  /** A compressed sparse matrix, or a graph. */
  sparse(
    path: string,
    encoding: 'csc_matrix' | 'csr_matrix',
    shape: [number, number],
    dense: number[][],
    chunk: number,
  ) {
    const lines =
      encoding === 'csr_matrix' ? dense : dense[0].map((_, gene) => dense.map((row) => row[gene]));
    const stored = lines.map((line) => line.flatMap((value, at) => (value === 0 ? [] : [[at, value]])));
    const flat = stored.flat();
    let end = 0;
    const ends = [0, ...stored.map((line) => (end += line.length))];
    const chunks = [Math.min(chunk, flat.length)];
    this.group(path, { 'encoding-type': encoding, 'encoding-version': '0.1.0', shape });
    this.array(
      `${path}/data`,
      Float32Array.from(flat, ([, value]) => value),
      { attributes: {}, chunks },
    );
    this.array(
      `${path}/indices`,
      Int32Array.from(flat, ([at]) => at),
      { attributes: {}, chunks, shuffle: this.format === 2 },
    );
    return this.array(`${path}/indptr`, Int32Array.from(ends), { attributes: {} });
  }

  /** Takes out what lies at a path and below. */
  drop(path: string): this {
    for (const key of [...this.files.keys()]) if (key.startsWith(`${path}/`)) this.files.delete(key);
    for (const key of Object.keys(this.#documents))
      if (key.startsWith(`${path}/`)) delete this.#documents[key];
    return this;
  }

  /** Writes over some of what is said of an element. */
  say(path: string, said: Json): this {
    const key = `${path}/${this.format === 3 ? 'zarr.json' : Object.hasOwn(this.#documents, `${path}/.zarray`) ? '.zarray' : '.zattrs'}`;
    return this.#document(path, key.slice(path.length + 1), { ...(this.#documents[key] as Json), ...said });
  }

  /** The store, with its consolidated metadata. */
  build(): MapFiles {
    if (this.format === 2)
      this.files.set('.zmetadata', json({ metadata: this.#documents, zarr_consolidated_format: 1 }));
    else {
      const entries = Object.entries(this.#documents).filter(([key]) => key !== 'zarr.json');
      const metadata = Object.fromEntries(
        entries.map(([key, node]) => [key.replace(/\/zarr\.json$/, ''), node]),
      );
      const root = this.#documents['zarr.json'] as Json;
      this.files.set('zarr.json', json({ ...root, consolidated_metadata: { kind: 'inline', metadata } }));
    }
    return new MapFiles(this.files);
  }

  #document(path: string, name: string, document: Json): this {
    const key = path === '' ? name : `${path}/${name}`;
    // Assigning to __proto__ would set no key.
    Object.defineProperty(this.#documents, key, {
      value: document,
      enumerable: true,
      writable: true,
      configurable: true,
    });
    this.files.set(key, json(document));
    return this;
  }

  #describe(
    path: string,
    array: {
      shape: number[];
      chunks: number[];
      attributes: Json;
      dtype: string;
      shuffle?: boolean;
      shard?: number;
    },
  ) {
    const { shape, chunks, attributes, dtype, shuffle, shard } = array;
    const isText = dtype === 'texts';
    if (this.format === 2) {
      const filters = isText ? [{ id: 'vlen-utf8' }] : shuffle ? [{ id: 'shuffle', elementsize: 4 }] : null;
      const fill_value = isText ? '' : 0;
      const compressor = { id: 'zlib', level: 6 };
      this.#document(path, '.zarray', {
        ...{
          shape,
          chunks,
          dtype: isText ? '|O' : dtype,
          fill_value,
          order: 'C',
          filters,
          compressor,
          zarr_format: 2,
        },
      });
      return this.#document(path, '.zattrs', attributes);
    }
    const first = isText ? { name: 'vlen-utf8' } : { name: 'bytes', configuration: { endian: 'little' } };
    const inner = [first, { name: 'gzip', configuration: { level: 6 } }];
    const index_codecs = [{ name: 'bytes', configuration: { endian: 'little' } }];
    const sharding = {
      name: 'sharding_indexed',
      configuration: { chunk_shape: chunks, codecs: inner, index_codecs },
    };
    return this.#document(path, 'zarr.json', {
      zarr_format: 3,
      node_type: 'array',
      shape,
      data_type: isText ? 'string' : dtype,
      chunk_grid: {
        name: 'regular',
        configuration: { chunk_shape: shard ? chunks.map((side) => side * shard) : chunks },
      },
      chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
      fill_value: isText ? '' : dtype === 'bool' ? false : 0,
      codecs: shard ? [sharding] : inner,
      attributes,
    });
  }

  /** Chunks in order; those at the end are filled up with zeros. */
  *#cut(values: Values, shape: number[], chunks: number[]): Generator<[string, Values]> {
    const [nRows, width] = [shape[0], shape[1] ?? 1];
    const [tall, wide] = [chunks[0], chunks[1] ?? 1];
    const Kind = values.constructor as new (length: number) => Values;
    for (let top = 0; top < nRows; top += tall) {
      for (let left = 0; left < width; left += wide) {
        const chunk = new Kind(tall * wide);
        for (let row = 0; row < tall && top + row < nRows; row++)
          for (let column = 0; column < wide && left + column < width; column++)
            chunk[row * wide + column] = values[(top + row) * width + left + column];
        yield [[top / tall, left / wide].slice(0, shape.length).join(this.format === 2 ? '.' : '/'), chunk];
      }
    }
  }

  #pack(plain: Bytes, width: number): Bytes {
    return toBytes(
      this.format === 3 ? gzipSync(plain) : deflateSync(width > 1 ? shuffled(plain, width) : plain),
    );
  }

  #put(path: string, key: string, bytes: Bytes): this {
    this.files.set(
      this.format === 2 ? `${path}/${key}` : [path, 'c', key].filter((step) => step !== '').join('/'),
      bytes,
    );
    return this;
  }

  #putShards(path: string, packed: Bytes[], perShard: number): void {
    for (let shard = 0; shard * perShard < packed.length; shard++) {
      const bodies = packed.slice(shard * perShard, (shard + 1) * perShard);
      const index = new BigUint64Array(2 * perShard).fill(2n ** 64n - 1n);
      let offset = 0;
      bodies.forEach((body, at) => {
        index.set([BigInt(offset), BigInt(body.length)], 2 * at);
        offset += body.length;
      });
      this.#put(path, String(shard), toBytes(Buffer.concat([...bodies, toBytes(index)])));
    }
  }
}

function vlen(values: readonly string[]): Bytes {
  const encoded = values.map((value) => Buffer.from(value));
  const length = (count: number) => toBytes(Uint32Array.of(count));
  return toBytes(
    Buffer.concat([length(values.length), ...encoded.flatMap((text) => [length(text.length), text])]),
  );
}

function shuffled(bytes: Bytes, width: number): Bytes {
  const count = bytes.length / width;
  return bytes.map((_, at) => bytes[(at % count) * width + Math.floor(at / count)]);
}
