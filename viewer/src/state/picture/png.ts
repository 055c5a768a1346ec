const SIGNATURE = 8;
/** Length, name and checksum of a chunk. */
const AROUND = 12;
const INCHES_PER_METRE = 1 / 0.0254;

/** The same PNG, which states how many pixels there are to an inch: programs for text and print take its size from that. */
export function withDpi(png: Uint8Array<ArrayBuffer>, dpi: number): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const parts = [png.subarray(0, SIGNATURE)];
  for (let at = SIGNATURE; at < png.length;) {
    const end = at + AROUND + view.getUint32(at);
    const name = String.fromCharCode(...png.subarray(at + 4, at + 8));
    // Some browsers write one of their own, and a second one would be an error.
    if (name !== 'pHYs') parts.push(png.subarray(at, end));
    if (name === 'IHDR') parts.push(density(dpi));
    at = end;
  }
  return parts;
}

/** The chunk `pHYs`: pixels per metre along both axes. */
function density(dpi: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(AROUND + 9);
  const view = new DataView(bytes.buffer);
  const perMetre = Math.round(dpi * INCHES_PER_METRE);
  view.setUint32(0, 9);
  bytes.set(
    [...'pHYs'].map((letter) => letter.charCodeAt(0)),
    4,
  );
  view.setUint32(8, perMetre);
  view.setUint32(12, perMetre);
  bytes[16] = 1;
  view.setUint32(17, crc32(bytes.subarray(4, 17)));
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
