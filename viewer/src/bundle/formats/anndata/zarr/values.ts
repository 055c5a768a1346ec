import * as zarr from 'zarrita';
import type { Floats, Numbers } from '../../../../bytes/numbers';

type Data = zarr.TypedArray<zarr.DataType>;

/** Values of an array as numbers: bools as 0 and 1, 64-bit integers as floats. */
export function toNumbers(data: Data): Numbers {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  if (data instanceof zarr.BoolArray) {
    return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.length);
  }
  if (ArrayBuffer.isView(data)) return data as Numbers;
  throw new Error('it must hold numbers, not text');
}

export function toFloats(values: Numbers): Floats {
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

export function toTexts(data: Data): string[] {
  if (ArrayBuffer.isView(data)) throw new Error('it must hold text, not numbers');
  return Array.from(data as Iterable<unknown>, (text) => {
    if (typeof text === 'string') return text;
    throw new Error('it must hold text, not other values');
  });
}
