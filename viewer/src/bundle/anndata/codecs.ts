import { registry } from 'zarrita';
import { unpackBlosc } from './blosc';

const UNPACK_BLOSC = {
  kind: 'bytes_to_bytes' as const,
  encode(): never {
    throw new Error('nothing is packed here');
  },
  decode: unpackBlosc,
};

/**
 * What chunks may be packed with: what the browser inflates by itself. The rest would be WebAssembly,
 * which the build leaves out and the page's policy does not run.
 */
export function chooseCodecs(): void {
  for (const name of ['lz4', 'zstd', 'numcodecs.lz4', 'numcodecs.zstd']) registry.delete(name);
  for (const name of ['blosc', 'numcodecs.blosc'])
    registry.set(name, () => Promise.resolve({ fromConfig: () => UNPACK_BLOSC }));
}
