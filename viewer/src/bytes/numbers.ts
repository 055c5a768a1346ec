import { ViewerError } from './errors';
import type { Bytes } from './files';

const ARRAYS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

export type Dtype = keyof typeof ARRAYS;
export type Numbers = InstanceType<(typeof ARRAYS)[Dtype]>;
export type Floats = Float32Array<ArrayBuffer>;
export const DTYPES = Object.keys(ARRAYS) as Dtype[];

/** The size in bytes of `count` values. */
export function byteLength(dtype: Dtype, count: number): number {
  return count * ARRAYS[dtype].BYTES_PER_ELEMENT;
}

/** Reads little-endian numbers without copying. Every platform with WebGL is little-endian. */
export function decodeNumbers(bytes: Bytes, dtype: Dtype, count: number, path: string): Numbers {
  const wanted = byteLength(dtype, count);
  if (bytes.byteLength !== wanted) {
    throw new ViewerError(
      `The file ${path} has ${bytes.byteLength.toLocaleString('en')} bytes, ` +
        `but must have ${wanted.toLocaleString('en')} (${count.toLocaleString('en')} values of type ${dtype}).`,
      'The bundle is a mixture of two exports, or incomplete: export it again.',
    );
  }
  return new ARRAYS[dtype](bytes.buffer, bytes.byteOffset, count);
}

export function allocate(dtype: Dtype, length: number): Numbers {
  return new ARRAYS[dtype](length);
}
