/** Up to so many are sorted by the browser. */
const FEW = 2_048;
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const SHIFTS = [0, DIGIT_BITS, 2 * DIGIT_BITS] as const;
/** How many are handled between two pauses. */
export const AT_ONCE = 65_536;

/** The key of 0: larger than those of negative numbers, smaller than those of positive ones. */
export const ZERO_KEY = 0x80000000;

/** The bits of float32 values become keys with the order of the values. */
export function toKeys(bits: Uint32Array): void {
  for (let at = 0; at < bits.length; at++) bits[at] ^= (bits[at] >> 31) | ZERO_KEY;
}

/**
 * Sorts numbers digit by digit, which many take a fraction of the time for that comparing them takes. The result is
 * in `numbers`. It can be interrupted where it yields.
 */
export function* sortNumbers(numbers: Uint32Array, spare: Uint32Array): Generator<undefined, void> {
  const { length } = numbers;
  if (length <= FEW) return void numbers.sort();
  const counts = SHIFTS.map(() => new Uint32Array(DIGITS));
  for (let from = 0; from < length; from += AT_ONCE) {
    const to = Math.min(length, from + AT_ONCE);
    for (let at = from; at < to; at++) {
      const number = numbers[at];
      counts[0][number & (DIGITS - 1)]++;
      counts[1][(number >>> DIGIT_BITS) & (DIGITS - 1)]++;
      counts[2][number >>> (2 * DIGIT_BITS)]++;
    }
    yield;
  }
  let [source, target] = [numbers, spare.subarray(0, length)];
  for (const [digit, shift] of SHIFTS.entries()) {
    const starts = counts[digit];
    // All have the same digit.
    if (starts.includes(length)) continue;
    let sum = 0;
    for (let each = 0; each < DIGITS; each++) {
      const count = starts[each];
      starts[each] = sum;
      sum += count;
    }
    for (let from = 0; from < length; from += AT_ONCE) {
      const to = Math.min(length, from + AT_ONCE);
      for (let at = from; at < to; at++) {
        const number = source[at];
        target[starts[(number >>> shift) & (DIGITS - 1)]++] = number;
      }
      yield;
    }
    [source, target] = [target, source];
  }
  if (source !== numbers) numbers.set(source);
}
