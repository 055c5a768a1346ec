import { SHOWN } from './mask';

/** A bit for each cell, 32 in a word. Those behind the last cell are 0. */
export type Bits = Uint32Array<ArrayBuffer>;

export const nWords = (nCells: number) => Math.ceil(nCells / 32);

/** What several filters hide. */
export interface Hidden {
  /** By at least one of them. */
  readonly once: Bits;
  /** By more than one. */
  readonly twice: Bits;
}

export function hiddenByAny(filters: Iterable<Bits>, nCells: number): Hidden {
  const once = new Uint32Array(nWords(nCells));
  const twice = new Uint32Array(once.length);
  for (const bits of filters) {
    for (let word = 0; word < once.length; word++) {
      twice[word] |= once[word] & bits[word];
      once[word] |= bits[word];
    }
  }
  return { once, twice };
}

/** What all filters hide but one. */
export function hiddenBut({ once, twice }: Hidden, own: Bits): Bits {
  const bits = new Uint32Array(once.length);
  for (let word = 0; word < once.length; word++) bits[word] = once[word] & (~own[word] | twice[word]);
  return bits;
}

export function countBits(bits: Bits): number {
  let count = 0;
  for (let word = 0; word < bits.length; word++) {
    let left = bits[word];
    left -= (left >>> 1) & 0x55555555;
    left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
    left = (left + (left >>> 4)) & 0x0f0f0f0f;
    count += Math.imul(left, 0x01010101) >>> 24;
  }
  return count;
}

/** Four bytes for each combination of four bits. */
const QUADS = Uint32Array.from({ length: 16 }, (_, bits) => {
  let bytes = 0;
  for (let bit = 0; bit < 4; bit++) if ((bits & (1 << bit)) === 0) bytes |= SHOWN << (8 * bit);
  return bytes >>> 0;
});

/** One byte per cell: 0 where the bit is set, `SHOWN` elsewhere. */
export function maskOf(hidden: Bits, nCells: number): Uint8Array<ArrayBuffer> {
  // Four cells at a time; all platforms with WebGL are little-endian.
  const quads = new Uint32Array(hidden.length * 8);
  for (let word = 0; word < hidden.length; word++) {
    const bits = hidden[word];
    const at = word * 8;
    for (let quad = 0; quad < 8; quad++) quads[at + quad] = QUADS[(bits >>> (4 * quad)) & 15];
  }
  return new Uint8Array(quads.buffer, 0, nCells);
}
