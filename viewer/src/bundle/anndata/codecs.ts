import { registry, type Chunk } from 'zarrita';
import { unpackBlosc } from './blosc';
import { unpackTexts } from './texts';

function encode(): never {
  throw new Error('nothing is packed here');
}

const BLOSC = { fromConfig: () => ({ kind: 'bytes_to_bytes' as const, encode, decode: unpackBlosc }) };

type Entry = Awaited<ReturnType<Parameters<typeof registry.set>[1]>>;

const TEXTS = {
  fromConfig: (_: unknown, { shape }: { shape: number[] }) => ({
    kind: 'array_to_bytes' as const,
    encode,
    decode: (bytes: Uint8Array): Chunk<'string'> => ({
      data: unpackTexts(bytes),
      shape,
      // Rows one after the other.
      stride: shape.map((_side, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1)),
    }),
  }),
};

/**
 * What chunks may be packed with: what the browser inflates by itself. The rest would be WebAssembly,
 * which the build leaves out and the page's policy does not run.
 */
export function chooseCodecs(): void {
  for (const name of ['lz4', 'zstd']) for (const alike of [name, `numcodecs.${name}`]) registry.delete(alike);
  for (const prefix of ['', 'numcodecs.']) {
    registry.set(`${prefix}blosc`, () => Promise.resolve(BLOSC));
    // The library's types know codecs from bytes to bytes only, though its own for texts is none.
    registry.set(`${prefix}vlen-utf8`, () => Promise.resolve(TEXTS as unknown as Entry));
  }
}
