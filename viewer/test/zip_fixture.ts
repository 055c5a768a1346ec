import { crc32, deflateRawSync } from 'node:zlib';
import { toBytes } from './map_files';
import type { Bytes } from '../src/bytes/files';

interface Options {
  /** 0: stored, 8: deflated; others are only claimed. */
  method?: number;
  zip64?: boolean;
  encrypted?: boolean;
}

const ALL = 0xffffffff;

/** A zip as packers write it. */
export function zipOf(files: Record<string, string | Bytes>, options: Options = {}): Blob {
  const { method = 8, zip64 = false, encrypted = false } = options;
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const plain = Buffer.from(content);
    const data = method === 8 ? deflateRawSync(plain) : plain;
    const common = [20, Number(encrypted) | 0x800, method, 0, 0];
    const path = Buffer.from(name);
    const crc = crc32(plain);
    const local = pack('4 2 2 2 2 2 4 4 4 2 2', [
      0x04034b50,
      ...common,
      crc,
      data.length,
      plain.length,
      path.length,
      0,
    ]);
    bodies.push(local, path, data);
    const extra = zip64 ? pack('2 2 8 8 8', [1, 24, plain.length, data.length, offset]) : Buffer.alloc(0);
    const sizes = zip64 ? [ALL, ALL] : [data.length, plain.length];
    const at = zip64 ? ALL : offset;
    const entry = [0x02014b50, 20, ...common, crc, ...sizes, path.length, extra.length, 0, 0, 0, 0, at];
    directory.push(pack('4 2 2 2 2 2 2 4 4 4 2 2 2 2 2 4 4', entry), path, extra);
    offset += local.length + path.length + data.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = Object.keys(files).length;
  const end: Buffer[] = [];
  if (zip64) {
    end.push(pack('4 8 2 2 4 4 8 8 8 8', [0x06064b50, 44, 45, 45, 0, 0, count, count, size, offset]));
    end.push(pack('4 4 8 4', [0x07064b50, 0, offset + size, 1]));
  }
  const counts = zip64 ? [0xffff, 0xffff, ALL, ALL] : [count, count, size, offset];
  end.push(pack('4 2 2 2 2 4 4 2', [0x06054b50, 0, 0, ...counts, 0]));
  return new Blob([...bodies, ...directory, ...end].map((part): Bytes => toBytes(part)));
}

/** Numbers of the named widths in bytes, little-endian. */
function pack(widths: string, values: number[]): Buffer {
  return Buffer.concat(
    widths.split(' ').map((width, at) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(BigInt(values[at]));
      return bytes.subarray(0, Number(width));
    }),
  );
}
