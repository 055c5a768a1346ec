import { gzipSync } from 'node:zlib';
import { FileMissingError } from '../src/bytes/errors';
import { extentOf, splitPath, type Bytes, type Files, type GetOptions, type Range } from '../src/bytes/files';

/** A folder in memory that remembers which files were asked for. */
export class MapFiles implements Files {
  readonly where: string = 'memory';
  readonly asked: string[] = [];

  constructor(readonly files: Map<string, Bytes>) {}

  // Async, so that what is wrong with a path is a rejection.
  // eslint-disable-next-line @typescript-eslint/require-await
  async get(path: string, { onBytes }: GetOptions = {}): Promise<Bytes> {
    this.asked.push(path);
    const bytes = this.files.get(splitPath(path).join('/'));
    if (!bytes) throw new FileMissingError(path, this.where, 'not in the map');
    onBytes?.(bytes.length);
    return bytes;
  }

  async range(path: string, range: Range): Promise<Bytes> {
    const bytes = await this.get(path);
    return bytes.slice(...extentOf(range, bytes.length));
  }
}

export function toBytes(view: ArrayBufferView): Bytes {
  return new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength).slice();
}

export function text(content: string): Bytes {
  return toBytes(new TextEncoder().encode(content));
}

export function json(value: unknown): Bytes {
  return text(JSON.stringify(value));
}

export function gzip(bytes: Bytes): Bytes {
  return toBytes(gzipSync(bytes));
}

/** One part of a `string` array; null is missing. */
export function stringPart(values: (string | null)[]): Bytes {
  const encoded = values.map((value) =>
    value === null ? new Uint8Array(1) : new TextEncoder().encode(value),
  );
  const offsets = new Uint32Array(values.length + 1);
  encoded.forEach((bytes, row) => (offsets[row + 1] = offsets[row] + bytes.length));
  return toBytes(Buffer.concat([toBytes(offsets), ...encoded]));
}
