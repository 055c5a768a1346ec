import { registry, type Chunk } from 'zarrita';
import { inflateAtMost, MOST_NBYTES, packedAtMost } from '../../../../bytes/bounded';
import { unpackBlosc } from './blosc';
import { unpackSizedLz4 } from './lz4';
import { unpackTexts } from './texts';

function encode(): never {
  throw new Error('nothing is compressed here');
}

/** The chunk metadata that the library passes to a codec. */
interface ChunkMeta {
  readonly dataType: string;
  readonly shape: readonly number[];
}

type Unpack = (bytes: Uint8Array, most: number) => Promise<Uint8Array<ArrayBuffer>>;

/** A codec that decompresses no more bytes than the array declares. */
function bounded(unpack: Unpack) {
  return {
    fromConfig: (_: unknown, meta: ChunkMeta) => {
      const most = chunkAtMost(meta);
      return { kind: 'bytes_to_bytes' as const, encode, decode: (bytes: Uint8Array) => unpack(bytes, most) };
    },
  };
}

function inflater(format: CompressionFormat): Unpack {
  return async (bytes, most) => {
    const plain = await inflateAtMost(bytes as Uint8Array<ArrayBuffer>, format, most).catch(
      (cause: unknown) => {
        throw new Error(`a chunk (${format}) cannot be decoded: it is cut short or damaged`, { cause });
      },
    );
    if (plain === null)
      throw new Error(`a chunk decompresses to more than ${most.toLocaleString('en')} bytes`);
    return plain;
  };
}

/** What unpacks the bytes of a chunk, by the name of the codec. */
export const unpackers: ReadonlyMap<string, Unpack> = new Map(
  ['', 'numcodecs.'].flatMap((prefix): [string, Unpack][] => [
    [`${prefix}blosc`, unpackBlosc],
    [`${prefix}gzip`, inflater('gzip')],
    [`${prefix}zlib`, inflater('deflate')],
    [`${prefix}lz4`, unpackSizedLz4],
  ]),
);

/** Texts may have any length. A checksum or a second codec adds a few bytes after the values. */
function chunkAtMost({ dataType, shape }: ChunkMeta): number {
  const count = shape.reduce((product, side) => product * side, 1);
  const letters = /^v2:[US](\d+)$/.exec(dataType);
  if (letters) return Math.min(MOST_NBYTES, packedAtMost(4 * Number(letters[1]) * count));
  if (dataType === 'string' || dataType === 'v2:object') return MOST_NBYTES;
  const width = /64$/.test(dataType) ? 8 : /32$/.test(dataType) ? 4 : /16$/.test(dataType) ? 2 : 1;
  return Math.min(MOST_NBYTES, packedAtMost(width * count));
}

type Entry = Awaited<ReturnType<Parameters<typeof registry.set>[1]>>;

const TEXTS = {
  fromConfig: (_: unknown, { shape }: { shape: number[] }) => ({
    kind: 'array_to_bytes' as const,
    encode,
    decode: (bytes: Uint8Array): Chunk<'string'> => ({
      data: unpackTexts(bytes),
      shape,
      // Row-major order.
      stride: shape.map((_side, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1)),
    }),
  }),
};

/**
 * Registers our own decoders. That of the library for Zstandard is WebAssembly, which the build leaves out and the
 * page's security policy forbids.
 */
export function chooseCodecs(): void {
  for (const name of ['zstd', 'numcodecs.zstd']) registry.delete(name);
  for (const [name, unpack] of unpackers)
    registry.set(name, () => Promise.resolve(bounded(unpack) as unknown as Entry));
  // The library's types allow only bytes-to-bytes codecs, though its own codec for texts is not one.
  for (const prefix of ['', 'numcodecs.'])
    registry.set(`${prefix}vlen-utf8`, () => Promise.resolve(TEXTS as unknown as Entry));
}
