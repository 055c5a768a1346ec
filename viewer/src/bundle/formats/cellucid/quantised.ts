import type { Floats, Numbers } from '../../../bytes/numbers';

/** The largest code is for values that are missing or not finite; the one below it stands for the maximum. */
export function dequantise(codes: Numbers, minimum: number, maximum: number): Floats {
  const missing = 2 ** (8 * codes.BYTES_PER_ELEMENT) - 1;
  const step = (maximum - minimum) / (missing - 1);
  const values = new Float32Array(codes.length);
  for (let at = 0; at < codes.length; at++) {
    values[at] = codes[at] === missing ? NaN : minimum + codes[at] * step;
  }
  return values;
}
