const DIGIT_BITS = 11;
const N_DIGITS = 1 << DIGIT_BITS;
const PASSES = 3;

/**
 * Cell numbers by ascending value, missing ones first: the order in which to draw them, so that
 * high values lie on top. Cells of equal value keep their order.
 *
 * A radix sort over the bits of the float32: three passes, whatever the number of cells.
 */
export function orderByValue(values: Float32Array): Uint32Array<ArrayBuffer> {
  const keys = sortableBits(values);
  let order = new Uint32Array(values.length);
  for (let cell = 0; cell < order.length; cell++) order[cell] = cell;
  let spare = new Uint32Array(values.length);
  for (let pass = 0; pass < PASSES; pass++) {
    const shift = pass * DIGIT_BITS;
    const next = startsOfDigits(keys, shift);
    for (let at = 0; at < order.length; at++) {
      const cell = order[at];
      spare[next[(keys[cell] >>> shift) & (N_DIGITS - 1)]++] = cell;
    }
    [order, spare] = [spare, order];
  }
  return order;
}

/** Unsigned integers in the order of the floats: NaN lowest, then -Infinity, …, Infinity. */
function sortableBits(values: Float32Array): Uint32Array {
  const bits = new Uint32Array(values.length);
  bits.set(new Uint32Array(values.buffer, values.byteOffset, values.length));
  for (let cell = 0; cell < bits.length; cell++) {
    const word = bits[cell];
    if ((word & 0x7fffffff) > 0x7f800000) bits[cell] = 0;
    // Zero and minus zero are one value.
    else if ((word & 0x7fffffff) === 0) bits[cell] = 0x80000000;
    else bits[cell] = word & 0x80000000 ? ~word : word | 0x80000000;
  }
  return bits;
}

function startsOfDigits(keys: Uint32Array, shift: number): Uint32Array {
  const starts = new Uint32Array(N_DIGITS + 1);
  for (let at = 0; at < keys.length; at++) starts[((keys[at] >>> shift) & (N_DIGITS - 1)) + 1]++;
  for (let digit = 0; digit < N_DIGITS; digit++) starts[digit + 1] += starts[digit];
  return starts;
}

/** Cells without a value first, then the others in their own order. */
export function orderMissingFirst(values: Float32Array, nMissing: number): Uint32Array<ArrayBuffer> {
  const order = new Uint32Array(values.length);
  let missing = 0;
  let known = nMissing;
  for (let cell = 0; cell < values.length; cell++) {
    if (Number.isNaN(values[cell])) order[missing++] = cell;
    else order[known++] = cell;
  }
  return order;
}
