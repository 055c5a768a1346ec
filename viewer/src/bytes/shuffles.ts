/** Restores values from all first bytes, then all second bytes, …; bytes of an incomplete value stay last. */
export function unshuffle(bytes: Uint8Array, typesize: number): Uint8Array<ArrayBuffer> {
  const count = Math.floor(bytes.length / typesize);
  const out = bytes.slice();
  for (let plane = 0; plane < typesize; plane++) {
    const from = plane * count;
    for (let at = 0, to = plane; at < count; at++, to += typesize) out[to] = bytes[from + at];
  }
  return out;
}

/**
 * Restores values from all first bits of their first bytes, then all second bits, …
 * As Blosc does it: a block whose values are no multiple of 8 was left as it is.
 */
export function unshuffleBits(bytes: Uint8Array, typesize: number): Uint8Array {
  const count = Math.floor(bytes.length / typesize);
  if (count % 8 !== 0) return bytes;
  const out = bytes.slice();
  const width = count / 8;
  for (let plane = 0; plane < typesize; plane++) {
    for (let column = 0; column < width; column++) {
      const from = 8 * plane * width + column;
      // Eight bytes are a square of bits, which is turned over: Hacker's Delight, 7-3.
      let low = fourBytes(bytes, from, width);
      let high = fourBytes(bytes, from + 4 * width, width);
      let swap = (high ^ (high >>> 7)) & 0x00aa00aa;
      high ^= swap ^ (swap << 7);
      swap = (low ^ (low >>> 7)) & 0x00aa00aa;
      low ^= swap ^ (swap << 7);
      swap = (high ^ (high >>> 14)) & 0x0000cccc;
      high ^= swap ^ (swap << 14);
      swap = (low ^ (low >>> 14)) & 0x0000cccc;
      low ^= swap ^ (swap << 14);
      const first = (high & 0xf0f0f0f0) | ((low >>> 4) & 0x0f0f0f0f);
      const second = ((high << 4) & 0xf0f0f0f0) | (low & 0x0f0f0f0f);
      let to = 8 * column * typesize + plane;
      for (const four of [second, first])
        for (let bits = 0; bits < 32; bits += 8, to += typesize) out[to] = four >>> bits;
    }
  }
  return out;
}

/** The first one is lowest. */
function fourBytes(bytes: Uint8Array, at: number, step: number): number {
  return bytes[at] | (bytes[at + step] << 8) | (bytes[at + 2 * step] << 16) | (bytes[at + 3 * step] << 24);
}
