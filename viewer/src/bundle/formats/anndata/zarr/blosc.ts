import { inflateAtMost, MOST_NBYTES } from '../../../../bytes/bounded';
import { unpackLz4 } from './lz4';
import { unshuffle, unshuffleBits } from '../../../../bytes/shuffles';

const HEADER_NBYTES = 16;
const FLAGS = { shuffle: 0x01, memcpyed: 0x02, bitShuffle: 0x04, doNotSplit: 0x10 } as const;
/** Within the upper three bits of the flags. */
const PACKERS = ['blosclz', 'lz4', 'snappy', 'zlib', 'zstd'];
/** What unpacks a stream of so many bytes. */
const UNPACK: Readonly<
  Record<string, (stream: Uint8Array, size: number) => Uint8Array | Promise<Uint8Array | null>>
> = {
  lz4: unpackLz4,
  zlib: (stream, size) => inflateAtMost(stream.slice(), 'deflate', size),
};
const MOST_SPLITS = 16;
const LEAST_SPLIT = 128;

/**
 * Decompresses a Blosc 1 frame of zlib or LZ4 streams; our own stores have the first. The other
 * codecs of Blosc would add 600 kB of WebAssembly to the page.
 */
export async function unpackBlosc(frame: Uint8Array, most = MOST_NBYTES): Promise<Uint8Array<ArrayBuffer>> {
  const { view, nbytes, blockNbytes, typesize, flags } = readHeader(frame);
  if (nbytes > most)
    throw new Error(
      `a Blosc frame states ${nbytes.toLocaleString('en')} bytes, but at most ${most.toLocaleString('en')} are possible`,
    );
  const out = new Uint8Array(nbytes);
  if (flags & FLAGS.memcpyed) {
    out.set(frame.subarray(HEADER_NBYTES, HEADER_NBYTES + nbytes));
    if (frame.length !== HEADER_NBYTES + nbytes) throw new Error('the Blosc frame is cut short');
    return out;
  }
  const packer = PACKERS[flags >> 5];
  const unpack = UNPACK[packer];
  if (!unpack) throw new Error(`it is compressed by Blosc with ${packer ?? 'an unknown codec'}`);

  const nBlocks = Math.ceil(nbytes / blockNbytes);
  if (HEADER_NBYTES + 4 * nBlocks > frame.length) throw new Error('the Blosc frame is cut short or damaged');
  await Promise.all(
    Array.from({ length: nBlocks }, async (_, block) => {
      const start = block * blockNbytes;
      const size = Math.min(blockNbytes, nbytes - start);
      const nSplits = splitsOf(flags, typesize, blockNbytes, size);
      const at = view.getInt32(HEADER_NBYTES + 4 * block, true);
      const plain = await unpackSplits(frame, { at, nSplits, size: size / nSplits, unpack });
      out.set(inOrder(plain, flags, typesize), start);
    }),
  );
  return out;
}

function readHeader(frame: Uint8Array) {
  if (frame.length < HEADER_NBYTES) throw new Error('the Blosc frame is cut short');
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const [flags, typesize] = [frame[2], frame[3]];
  const [nbytes, blockNbytes, packed] = [4, 8, 12].map((at) => view.getUint32(at, true));
  if (packed !== frame.length || typesize === 0 || (blockNbytes === 0 && nbytes > 0))
    throw new Error('the Blosc frame is cut short or damaged');
  return { view, flags, typesize, nbytes, blockNbytes };
}

/** The number of streams of a block; the last block, if shorter, is never split. */
function splitsOf(flags: number, typesize: number, blockNbytes: number, size: number): number {
  const splits =
    !(flags & FLAGS.doNotSplit) &&
    typesize <= MOST_SPLITS &&
    blockNbytes / typesize >= LEAST_SPLIT &&
    size === blockNbytes;
  return splits ? typesize : 1;
}

function inOrder(plain: Uint8Array, flags: number, typesize: number): Uint8Array {
  if (flags & FLAGS.bitShuffle) return unshuffleBits(plain, typesize);
  return flags & FLAGS.shuffle && typesize > 1 ? unshuffle(plain, typesize) : plain;
}

interface Streams {
  readonly at: number;
  readonly nSplits: number;
  readonly size: number;
  readonly unpack: (typeof UNPACK)[string];
}

async function unpackSplits(frame: Uint8Array, { at, nSplits, size, unpack }: Streams) {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (at < HEADER_NBYTES) throw new Error('the Blosc frame is damaged');
  const plain = new Uint8Array(nSplits * size);
  const streams: Promise<void>[] = [];
  for (let split = 0; split < nSplits; split++) {
    if (at + 4 > frame.length) throw new Error('the Blosc frame is cut short or damaged');
    const length = view.getInt32(at, true);
    const stream = frame.subarray(at + 4, at + 4 + length);
    if (length < 0 || stream.length !== length) throw new Error('the Blosc frame is cut short or damaged');
    at += 4 + length;
    streams.push(
      (async () => {
        // A stream that compression would not shrink is stored uncompressed.
        const part = length === size ? stream : await unpack(stream, size);
        if (part?.length !== size) throw new Error('the Blosc frame is damaged');
        plain.set(part, split * size);
      })(),
    );
  }
  await Promise.all(streams);
  return plain;
}
