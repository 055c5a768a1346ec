const SHORTEST_MATCH = 4;

/** Decompresses an LZ4 block, whose size must be known. */
export function unpackLz4(packed: Uint8Array, nbytes: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(nbytes);
  let [at, to] = [0, 0];
  const lengthOf = (nibble: number) => {
    let length = nibble;
    for (let more = nibble === 15; more; at++) {
      if (at >= packed.length) throw damaged();
      length += packed[at];
      more = packed[at] === 255;
    }
    return length;
  };
  while (at < packed.length) {
    const token = packed[at++];
    const literals = lengthOf(token >> 4);
    if (at + literals > packed.length || to + literals > nbytes) throw damaged();
    for (let each = 0; each < literals; each++) out[to++] = packed[at++];
    // The last sequence has no match.
    if (at === packed.length) break;
    const back = packed[at] | (packed[at + 1] << 8);
    at += 2;
    const match = lengthOf(token & 15) + SHORTEST_MATCH;
    if (at > packed.length || back === 0 || back > to || to + match > nbytes) throw damaged();
    // Byte by byte: a match may overlap what it writes.
    for (let each = 0; each < match; each++, to++) out[to] = out[to - back];
  }
  if (to !== nbytes) throw damaged();
  return out;
}

/** As numcodecs writes LZ4: the size, then a block. */
export async function unpackSizedLz4(bytes: Uint8Array, most: number): Promise<Uint8Array<ArrayBuffer>> {
  // What is thrown is an answer, as with the decoders of the browser.
  await Promise.resolve();
  if (bytes.length < 4) throw damaged();
  const nbytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  if (nbytes > most)
    throw new Error(`a chunk (lz4) decompresses to more than ${most.toLocaleString('en')} bytes`);
  return unpackLz4(bytes.subarray(4), nbytes);
}

function damaged(): Error {
  return new Error('a chunk (lz4) cannot be decoded: it is cut short or damaged');
}
